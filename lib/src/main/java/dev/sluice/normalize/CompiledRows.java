package dev.sluice.normalize;

import dev.sluice.json.JsonBytes;
import dev.sluice.schema.DataType;
import dev.sluice.schema.RowIds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Root rows that hold no surprise, from bytes to bytes: known keys in columns that have their
/// type, nested tables that exist. Keys are expected in the order of the row before.
///
/// Whatever it does not know well, it leaves to [RowRules] with nothing done; the next such row it
/// knows.
final class CompiledRows {
  private static final int SLOW = JsonBytes.SLOW;
  private static final int MORE = JsonBytes.MORE;
  private static final int DEEPEST = 200;
  private static final int SAFE_LONG_DIGITS = 18;
  private static final int SAFE_DOUBLE_DIGITS = 15;
  private static final int SHORT_NUMBER = 24;

  /// A quote, a mark and ten digits and dashes.
  private static final int LONGEST_DATE = 14;

  private final Names names;
  private final Tables tables;
  private final Inference inference;
  private final Flattening flattening;
  private final RowIds ids;
  private final String rootTable;
  private final boolean promote;
  private final byte[] loadId;

  private @Nullable RowShape root;
  private boolean withRootId;
  private int structure = -1;
  private long rows;
  private int nesting;

  private byte[] bytes = new byte[0];
  private byte[] rootId = new byte[RowIds.LENGTH];
  private TableState[] opened = new TableState[8];
  private int openCount;
  private byte[][] rowIds = new byte[8][RowIds.LENGTH];

  CompiledRows(
      Names names,
      Tables tables,
      Inference inference,
      RowIds ids,
      String rootTable,
      String loadId,
      boolean promote) {
    this.names = names;
    this.tables = tables;
    this.inference = inference;
    this.flattening = new Flattening(names, tables, inference);
    this.ids = ids;
    this.rootTable = rootTable;
    this.promote = promote;
    this.loadId = ColumnState.ascii(loadId);
  }

  /// Takes the row at hand, whose rows then stand in the sinks of their tables, and returns its
  /// end; [JsonBytes#SLOW] if it has to be taken by the rules.
  int take(RowBytes in) {
    if (in.bytes[in.start] != '{' || !prepare()) {
      return SLOW;
    }
    while (true) {
      bytes = in.bytes;
      nesting = 0;
      ids.random(rootId, 0);
      int end = row(root, in.start, null, 0, rootId);
      if (end >= 0) {
        return end;
      }
      rollBack();
      if (end == SLOW || in.damaged() || !in.more()) {
        return SLOW;
      }
    }
  }

  private void rollBack() {
    tables.takeBackRows();
    while (openCount > 0) {
      var table = opened[--openCount];
      table.open = false;
      table.sink.takeBack();
    }
  }

  /// Sees to the shape of root rows; false as long as their table is not known well enough.
  private boolean prepare() {
    if (structure != tables.structure()) {
      structure = tables.structure();
      root = null;
    }
    if (root != null) {
      return true;
    }
    var table = tables.find(rootTable);
    if (table == null
        || !given(table, names.id)
        || !given(table, names.loadId)
        || tables.rowId(rootTable) != Tables.RowId.RANDOM) {
      return false;
    }
    var propagated = tables.propagated(rootTable, true);
    withRootId = propagated.equals(Map.of(names.id, names.rootId));
    if (!propagated.isEmpty() && !withRootId) {
      return false;
    }
    root = new RowShape(table, List.of(rootTable), tables.nestingLevel(rootTable), names);
    return true;
  }

  /// Whether a column that normalize fills is there as it fills it.
  private static boolean given(TableState table, String column) {
    var state = table.column(column);
    return state != null && state.form != null && state.form.type() == DataType.TEXT;
  }

  private boolean usable(TableState table) {
    var index = table.column(names.listIndex);
    return table.nested()
        && given(table, names.id)
        && given(table, names.parentId)
        && index != null
        && index.form != null
        && index.form.type() == DataType.BIGINT
        && index.form.bits() == Long.SIZE
        && (!withRootId || given(table, names.rootId))
        && tables.propagated(table.name, false).isEmpty();
  }

  /// A whole row. `parent` is null for a root row.
  private int row(
      @Nullable RowShape shape, int from, byte @Nullable [] parent, long index, byte[] id) {
    if (shape == null) {
      return SLOW;
    }
    if (!begin(shape.table)) {
      return SLOW;
    }
    long row = ++rows;
    int end = members(shape.level, from + 1, row, id);
    return end < 0 ? end : finish(shape, row, parent, index, id, end);
  }

  private boolean begin(TableState table) {
    if (table.open) {
      return false;
    }
    table.open = true;
    if (openCount == opened.length) {
      opened = Arrays.copyOf(opened, 2 * openCount);
    }
    opened[openCount++] = table;
    table.sink.begin();
    return true;
  }

  private int finish(
      RowShape shape, long row, byte @Nullable [] parent, long index, byte[] id, int end) {
    var table = shape.table;
    for (var column : table.required) {
      if (column.row != row) {
        return SLOW;
      }
    }
    var out = table.sink;
    if (parent == null) {
      out.text(shape.loadId, loadId, 0, loadId.length, false);
    } else {
      if (withRootId) {
        out.text(shape.rootId, rootId, 0, RowIds.LENGTH, false);
      }
      out.text(shape.parentId, parent, 0, RowIds.LENGTH, false);
      out.whole(shape.listIndex, index);
    }
    out.text(shape.id, id, 0, RowIds.LENGTH, false);
    tables.endRow(table);
    table.open = false;
    openCount--;
    return end;
  }

  /// The members of an object, from behind its brace to behind the closing one.
  private int members(RowShape.Level level, int from, long row, byte[] id) {
    var b = bytes;
    int at = from;
    if (b[at] == '}') {
      return at + 1;
    }
    RowShape.Slot before = null;
    var expected = level.first;
    while (true) {
      if (b[at] != '"') {
        return b[at] == 0 ? MORE : SLOW;
      }
      int key = at + 1;
      var slot = expected;
      int end;
      if (slot != null && stands(slot.key, b, key)) {
        end = key + slot.key.length;
      } else {
        end = JsonBytes.plainEnd(b, key);
        while (b[end] < 0) {
          end = JsonBytes.wideEnd(b, end);
          if (end < 0) {
            return end;
          }
          end = JsonBytes.plainEnd(b, end);
        }
        if (b[end] != '"') {
          return b[end] == 0 ? MORE : SLOW;
        }
        slot = level.find(b, key, end);
        if (slot == null) {
          slot = slot(level, b, key, end);
        }
        if (before == null) {
          level.first = slot;
        } else {
          before.next = slot;
        }
      }
      if (b[end + 1] != ':') {
        return b[end + 1] == 0 ? MORE : SLOW;
      }
      at = value(slot, end + 2, row, id);
      if (at < 0) {
        return at;
      }
      byte c = b[at];
      if (c == '}') {
        return at + 1;
      }
      if (c != ',') {
        return c == 0 ? MORE : SLOW;
      }
      at++;
      before = slot;
      expected = slot.next;
    }
  }

  private static boolean stands(byte[] key, byte[] b, int from) {
    int length = key.length;
    if (from + length >= b.length || b[from + length] != '"') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (key[i] != b[from + i]) {
        return false;
      }
    }
    return true;
  }

  private RowShape.Slot slot(RowShape.Level level, byte[] b, int from, int to) {
    var text = RowShape.Slot.text(b, from, to);
    var column = names.joined(level.path, names.column(text));
    var slot =
        new RowShape.Slot(
            level,
            Arrays.copyOfRange(b, from, to),
            text,
            column,
            names.table(text),
            names.isSystem(column));
    level.add(slot);
    return slot;
  }

  private int value(RowShape.Slot slot, int at, long row, byte[] id) {
    return switch (bytes[at]) {
      case '"' -> text(slot, at, row);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(slot, at, row);
      case '{' -> object(slot, at, row, id);
      case '[' -> list(slot, at, row, id);
      case 't' -> word(slot, at, "true", row);
      case 'f' -> word(slot, at, "false", row);
      case 'n' -> word(slot, at, "null", row);
      case 0 -> MORE;
      default -> SLOW;
    };
  }

  /// The column of a slot, now set in this row; null if it has no type yet, or is set already.
  private @Nullable ColumnState column(RowShape.Slot slot, long row) {
    var column = slot.state;
    if (column == null) {
      var table = slot.level.row.table;
      var name = slot.column;
      if (!table.renamed.isEmpty()) {
        name = table.renamed.getOrDefault(Flattening.sourceKey(slot.level.keys, slot.text), name);
      }
      column = table.column(name);
      if (column == null || column.form == null || slot.system) {
        return null;
      }
      slot.state = column;
    }
    if (column.row == row) {
      return null;
    }
    column.row = row;
    return column;
  }

  private int text(RowShape.Slot slot, int at, long row) {
    var b = bytes;
    int end = JsonBytes.plainEnd(b, at + 1);
    boolean escaped = false;
    while (b[end] != '"') {
      byte c = b[end];
      if (c < 0) {
        end = JsonBytes.wideEnd(b, end);
        if (end < 0) {
          return end;
        }
      } else if (c == '\\') {
        switch (b[end + 1]) {
          case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> end += 2;
          case 0 -> {
            return MORE;
          }
          default -> {
            return SLOW;
          }
        }
        escaped = true;
      } else {
        return c == 0 ? MORE : SLOW;
      }
      end = JsonBytes.plainEnd(b, end);
    }
    var column = column(slot, row);
    if (column == null || column.form == null) {
      return SLOW;
    }
    var out = slot.level.row.table.sink;
    var form = column.form;
    boolean marked =
        b[at + 1] == (byte) 0xef && b[at + 2] == (byte) 0x80 && b[at + 3] >= (byte) 0xa6;
    if (form.type() == DataType.TEXT && !marked) {
      out.text(column, b, at + 1, end, escaped);
      return end + 1;
    }
    if (promote && form.type() == DataType.DATE && end - at > LONGEST_DATE) {
      return SLOW;
    }
    if (form.type() == DataType.TIMESTAMP && !escaped) {
      int from = at + (marked ? 4 : 1);
      if ((!marked || b[at + 3] == (byte) 0xa7) && out.timestamp(column, b, from, end)) {
        return end + 1;
      }
    }
    Object value =
        escaped
            ? RawJson.read(b, at, end + 1 - at)
            : new String(b, at + 1, end - at - 1, StandardCharsets.UTF_8);
    return write(out, column, form, value) ? end + 1 : SLOW;
  }

  private int number(RowShape.Slot slot, int at, long row) {
    var b = bytes;
    int end = at;
    if (b[end] == '-') {
      end++;
    }
    int digits = end;
    while (b[end] >= '0' && b[end] <= '9') {
      end++;
    }
    digits = end - digits;
    boolean whole = true;
    boolean exponent = false;
    if (b[end] == '.') {
      whole = false;
      int point = end++;
      while (b[end] >= '0' && b[end] <= '9') {
        end++;
      }
      if (end == point + 1) {
        return b[end] == 0 ? MORE : SLOW;
      }
    }
    if (b[end] == 'e' || b[end] == 'E') {
      whole = false;
      exponent = true;
      end++;
      if (b[end] == '+' || b[end] == '-') {
        end++;
      }
      while (b[end] >= '0' && b[end] <= '9') {
        end++;
      }
    }
    byte next = b[end];
    if (next != ',' && next != '}' && next != ']') {
      return next == 0 ? MORE : SLOW;
    }
    boolean negative = b[at] == '-';
    byte first = b[negative ? at + 1 : at];
    if (digits == 0 || (first == '0' && (digits > 1 || negative))) {
      return SLOW;
    }
    var column = column(slot, row);
    if (column == null || column.form == null) {
      return SLOW;
    }
    var out = slot.level.row.table.sink;
    var form = column.form;
    boolean asItStands =
        form.type() == DataType.BIGINT
            ? whole && digits <= SAFE_LONG_DIGITS && form.bits() == Long.SIZE
            : form.type() == DataType.DOUBLE
                && !exponent
                && (whole ? digits <= SAFE_DOUBLE_DIGITS : end - at <= SHORT_NUMBER);
    if (asItStands) {
      column.wide |= digits > SAFE_DOUBLE_DIGITS;
      if (form.type() == DataType.BIGINT) {
        out.whole(column, b, at, end);
      } else {
        out.floating(column, b, at, end, whole);
      }
      return end;
    }
    Object value;
    try {
      value = RawJson.read(b, at, end - at);
    } catch (CannotNormalize unreadable) {
      return SLOW; // which finds the same, and says where
    }
    if (promote && form.type() == DataType.BIGINT) {
      return SLOW;
    }
    return write(out, column, form, value) ? end : SLOW;
  }

  private int word(RowShape.Slot slot, int at, String word, long row) {
    var b = bytes;
    for (int i = 1; i < word.length(); i++) {
      if (b[at + i] != word.charAt(i)) {
        return b[at + i] == 0 ? MORE : SLOW;
      }
    }
    int end = at + word.length();
    if (b[at] == 'n') {
      return slot.nullAllowed || nullAllowed(slot) ? end : SLOW;
    }
    var column = column(slot, row);
    if (column == null || column.form == null) {
      return SLOW;
    }
    var out = slot.level.row.table.sink;
    if (column.form.type() == DataType.BOOL) {
      out.bool(column, b[at] == 't');
      return end;
    }
    return write(out, column, column.form, b[at] == 't') ? end : SLOW;
  }

  private boolean nullAllowed(RowShape.Slot slot) {
    var table = slot.level.row.table;
    var column = table.column(slot.column);
    if (slot.system
        || !table.renamed.isEmpty()
        || (column == null
            ? inference.notNull(slot.column)
            : column.form != null && !column.schema.nullable())) {
      return false;
    }
    if (column == null || column.form == null) {
      table.nullOnly.add(slot.column);
    }
    slot.nullAllowed = true;
    return true;
  }

  /// A value by the general way; false if it does not fit the column.
  private boolean write(RowSink out, ColumnState column, ColumnForm form, @Nullable Object marked) {
    try {
      var value = RawJson.decoded(marked);
      if (value == null || (promote && !Promotion.exact(form, value))) {
        return false;
      }
      out.value(column, Coercion.coerce(form, value));
      return true;
    } catch (CannotCoerce | IllegalArgumentException misfit) {
      return false;
    }
  }

  private int object(RowShape.Slot slot, int at, long row, byte[] id) {
    var level = slot.object;
    if (level == null) {
      var outer = slot.level;
      if (flattening.keptWhole(outer.row.table, slot.column, outer.depth)) {
        return whole(slot, at, row);
      }
      level =
          new RowShape.Level(
              outer.row,
              Names.plus(outer.path, names.column(slot.text)),
              Names.plus(outer.keys, slot.text),
              outer.depth - 1);
      slot.object = level;
    }
    if (++nesting > DEEPEST) {
      return SLOW;
    }
    int end = members(level, at + 1, row, id);
    nesting--;
    return end;
  }

  /// A JSON column.
  private int whole(RowShape.Slot slot, int at, long row) {
    int end = end(at);
    if (end < 0) {
      return end;
    }
    var column = column(slot, row);
    if (column == null || column.form == null) {
      return SLOW;
    }
    Object value;
    try {
      value = RawJson.read(bytes, at, end - at);
    } catch (CannotNormalize unreadable) {
      return SLOW;
    }
    return write(slot.level.row.table.sink, column, column.form, value) ? end : SLOW;
  }

  /// Where an object or list ends.
  private int end(int from) {
    var b = bytes;
    int depth = 0;
    for (int at = from; ; at++) {
      switch (b[at]) {
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (--depth == 0) {
            return at + 1;
          }
        }
        case '"' -> {
          for (at++; b[at] != '"'; at++) {
            if (b[at] == '\\') {
              at++;
            }
            if (b[at] == 0) {
              return MORE;
            }
          }
        }
        case 0 -> {
          return MORE;
        }
        default -> {}
      }
    }
  }

  private int list(RowShape.Slot slot, int at, long row, byte[] id) {
    var shape = slot.list;
    if (shape == null) {
      var outer = slot.level;
      if (flattening.keptWhole(outer.row.table, slot.column, outer.depth)) {
        return whole(slot, at, row);
      }
      if (bytes[at + 1] == ']') {
        return at + 2;
      }
      shape = nested(outer.row, Names.plus(outer.path, slot.tablePart), outer.row.level.depth - 1);
      if (shape == null) {
        return SLOW;
      }
      slot.list = shape;
    }
    if (bytes[at + 1] == ']') {
      return at + 2;
    }
    if (shape.table.listedIn == row) {
      return SLOW;
    }
    shape.table.listedIn = row;
    return items(shape, at, id);
  }

  private @Nullable RowShape nested(RowShape outer, List<String> parts, int depth) {
    var path = new java.util.ArrayList<>(outer.path);
    path.addAll(parts);
    var table = tables.find(names.joined(path));
    return table == null || !usable(table) ? null : new RowShape(table, path, depth, names);
  }

  /// The rows of a list, from its bracket to behind the closing one.
  private int items(RowShape shape, int from, byte[] parent) {
    if (++nesting > DEEPEST) {
      return SLOW;
    }
    if (nesting >= rowIds.length) {
      int old = rowIds.length;
      rowIds = Arrays.copyOf(rowIds, 2 * old);
      for (int i = old; i < rowIds.length; i++) {
        rowIds[i] = new byte[RowIds.LENGTH];
      }
    }
    var id = rowIds[nesting];
    var table = shape.table;
    int at = from + 1;
    for (long index = 0; ; index++) {
      ids.nested(parent, 0, RowIds.LENGTH, table.nameBytes, index, id, 0);
      at =
          switch (bytes[at]) {
            case '{' -> row(shape, at, parent, index, id);
            case '[' -> inner(shape, at, parent, index, id);
            default -> scalar(shape, at, parent, index, id);
          };
      if (at < 0) {
        return at;
      }
      byte c = bytes[at];
      if (c == ']') {
        nesting--;
        return at + 1;
      }
      if (c != ',') {
        return c == 0 ? MORE : SLOW;
      }
      at++;
    }
  }

  private int scalar(RowShape shape, int at, byte[] parent, long index, byte[] id) {
    if (!begin(shape.table)) {
      return SLOW;
    }
    long row = ++rows;
    int end = value(shape.value, at, row, id);
    return end < 0 ? end : finish(shape, row, parent, index, id, end);
  }

  /// A list in a list: a row that holds nothing but the inner list.
  private int inner(RowShape shape, int at, byte[] parent, long index, byte[] id) {
    var table = shape.table;
    if (!begin(table)) {
      return SLOW;
    }
    long row = ++rows;
    int end;
    if (bytes[at + 1] == ']') {
      end = at + 2;
    } else {
      var inner = shape.inner;
      if (inner == null) {
        if (flattening.keptWhole(table, "list", shape.level.depth - 1)) {
          return SLOW;
        }
        inner = nested(shape, List.of(names.table("list")), shape.level.depth - 2);
        if (inner == null) {
          return SLOW;
        }
        shape.inner = inner;
      }
      end = items(inner, at, id);
    }
    return end < 0 ? end : finish(shape, row, parent, index, id, end);
  }
}
