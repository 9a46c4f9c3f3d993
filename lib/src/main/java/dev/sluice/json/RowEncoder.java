package dev.sluice.json;

import dev.sluice.seam.Seam;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// One row after another as the bytes of [TypedJson], in a buffer that is used again.
///
/// Rows of common values are spelled right into the buffer. It declines whatever else a row holds,
/// and whatever must be refused: then [TypedJson] writes the row anew, or says what is wrong and
/// where. Not for use by several threads at once.
@Seam
public final class RowEncoder {
  private static final int FIRST = 16 * 1024;
  private static final int KEPT = 1 << 20;

  // Deeper rows, and those that hold themselves, are for the generator, which tells the path.
  private static final int MAX_DEPTH = 64;

  private static final int MAX_TEXT = 1 << 24;

  // The longest spelling of a long, and of a date-time with its mark and quotes.
  private static final int NUMBER_BYTES = 20;
  private static final int TEMPORAL_CHARACTERS = 40;

  private final Buffer buffer = new Buffer();
  private final MapOrder order = new MapOrder();
  private final char[] spelled = new char[TEMPORAL_CHARACTERS];
  private @Nullable JsonGenerator out;
  private byte[] bytes = buffer.bytes;
  private int offset;
  private int length;

  private RowEncoder() {}

  /// An encoder with a buffer of its own.
  public static RowEncoder buffered() {
    return new RowEncoder();
  }

  /// Encodes a row; [#bytes()] holds it until the next call.
  public void encode(@Nullable Object row) {
    if (row instanceof RawRow raw && raw.json() instanceof byte[] json) {
      bytes = json;
      offset = raw.start();
      length = raw.length();
      return;
    }
    buffer.reset();
    offset = 0;
    if (!value(row, 0)) {
      buffer.reset();
      encodeByGenerator(row);
    }
    bytes = buffer.bytes;
    length = buffer.length - offset;
  }

  /// The bytes among which the row stands.
  public byte[] bytes() {
    return bytes;
  }

  /// Where the row begins.
  public int offset() {
    return offset;
  }

  /// How many bytes the row has.
  public int length() {
    return length;
  }

  private void encodeByGenerator(@Nullable Object row) {
    var generator = out == null ? JsonStreams.generator(buffer) : out;
    out = null; // after a refusal it would stand in the middle of a row
    TypedJson.write(generator, row);
    generator.flush();
    out = generator;
    // a generator parts its values with a blank
    offset = buffer.length > 0 && buffer.bytes[0] == ' ' ? 1 : 0;
  }

  /// Spells a value; false if it is not one of the common ones.
  // A pattern switch would ask the classes in turn too, through a bootstrapped call site.
  @SuppressWarnings("IfChainToSwitch")
  private boolean value(@Nullable Object value, int depth) {
    if (value instanceof String text) {
      return text(text, TypeMark.needsEscape(text) ? TypeMark.TEXT : 0);
    } else if (value instanceof Integer number) {
      return number(number);
    } else if (value instanceof Long number) {
      return number(number);
    } else if (value == null) {
      return word("null");
    } else if (value instanceof Double number) {
      return Double.isFinite(number) && word(number.toString());
    } else if (value instanceof Boolean flag) {
      return word(flag ? "true" : "false");
    } else if (value instanceof Map<?, ?> map) {
      return depth < MAX_DEPTH && map(map, depth + 1);
    } else if (value instanceof List<?> list && value instanceof RandomAccess) {
      return depth < MAX_DEPTH && list(list, depth + 1);
    } else if (value instanceof Temporal temporal) {
      return temporal(temporal);
    } else if (value instanceof BigDecimal number) {
      return number.precision() <= TypedValues.MAX_DIGITS
          && text(number.toString(), TypeMark.DECIMAL);
    } else if (value instanceof Record row) {
      return depth < MAX_DEPTH && row(row, depth + 1);
    } else if (value instanceof UUID id) {
      return text(id.toString(), (char) 0);
    }
    return false;
  }

  private boolean map(Map<?, ?> map, int depth) {
    if (MapOrder.isShuffled(map)) {
      return ordered(map, depth);
    }
    var mark = (byte) '{';
    for (var entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        return false;
      }
      buffer.one(mark);
      mark = ',';
      if (!text(name, (char) 0) || !member(entry.getValue(), depth)) {
        return false;
      }
    }
    return close(mark, '{', '}');
  }

  private boolean ordered(Map<?, ?> map, int depth) {
    var names = order.of(map);
    if (names == null) {
      return false;
    }
    var mark = (byte) '{';
    for (var name : names) {
      buffer.one(mark);
      mark = ',';
      if (!text(name, (char) 0) || !member(map.get(name), depth)) {
        return false;
      }
    }
    return close(mark, '{', '}');
  }

  private boolean row(Record row, int depth) {
    var shape = RecordShape.of(row.getClass());
    var mark = (byte) '{';
    for (int i = 0; i < shape.size(); i++) {
      buffer.one(mark);
      mark = ',';
      if (!text(shape.name(i), (char) 0) || !member(shape.read(i, row), depth)) {
        return false;
      }
    }
    return close(mark, '{', '}');
  }

  private boolean member(@Nullable Object value, int depth) {
    buffer.one((byte) ':');
    return value(value, depth);
  }

  private boolean list(List<?> list, int depth) {
    var mark = (byte) '[';
    for (int i = 0, size = list.size(); i < size; i++) {
      buffer.one(mark);
      mark = ',';
      if (!value(list.get(i), depth)) {
        return false;
      }
    }
    return close(mark, '[', ']');
  }

  private boolean close(byte mark, char opening, char closing) {
    if (mark == opening) {
      buffer.one(mark);
    }
    buffer.one((byte) closing);
    return true;
  }

  private boolean temporal(Temporal temporal) {
    var mark = IsoText.markOf(temporal);
    if (mark == 0) {
      return false;
    }
    int end;
    try {
      end = IsoText.spell(temporal, spelled, 0);
    } catch (DateTimeException unspellable) {
      return false;
    }
    buffer.reserve(end + 5);
    buffer.put((byte) '"');
    buffer.three(mark);
    for (int i = 0; i < end; i++) {
      buffer.put((byte) spelled[i]);
    }
    buffer.put((byte) '"');
    return true;
  }

  private boolean number(long number) {
    buffer.reserve(NUMBER_BYTES);
    if (number == Long.MIN_VALUE) {
      return word(Long.toString(number));
    }
    var rest = number;
    if (rest < 0) {
      buffer.put((byte) '-');
      rest = -rest;
    }
    var end = buffer.length + digits(rest);
    buffer.length = end;
    do {
      buffer.bytes[--end] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    return true;
  }

  private static int digits(long number) {
    var digits = 1;
    for (var rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /// A few ASCII characters as they stand.
  private boolean word(String word) {
    buffer.reserve(word.length());
    for (int i = 0; i < word.length(); i++) {
      buffer.put((byte) word.charAt(i));
    }
    return true;
  }

  /// A text in quotes, after its mark if that is not 0; false for half a surrogate pair.
  private boolean text(String text, char mark) {
    var length = text.length();
    if (length > MAX_TEXT) {
      return false;
    }
    buffer.reserve(length + 5);
    buffer.put((byte) '"');
    if (mark != 0) {
      buffer.three(mark);
    }
    var bytes = buffer.bytes;
    var at = buffer.length;
    int plain = 0;
    while (plain < length) {
      var character = text.charAt(plain);
      if (character < ' ' || character > '~' || character == '"' || character == '\\') {
        break;
      }
      bytes[at++] = (byte) character;
      plain++;
    }
    buffer.length = at;
    if (plain < length && !otherText(text, plain)) {
      return false;
    }
    buffer.one((byte) '"');
    return true;
  }

  private boolean otherText(String text, int start) {
    // six bytes a character at most, for an escaped control character
    buffer.reserve(6 * (text.length() - start) + 1);
    for (int i = start; i < text.length(); i++) {
      var character = text.charAt(i);
      if (character < 0x80) {
        buffer.ascii(character);
      } else if (character < 0x800) {
        buffer.put((byte) (0xC0 | character >> 6));
        buffer.put((byte) (0x80 | (character & 0x3F)));
      } else if (!Character.isSurrogate(character)) {
        buffer.three(character);
      } else {
        i++;
        if (i == text.length() || !Character.isSurrogatePair(character, text.charAt(i))) {
          return false;
        }
        buffer.four(Character.toCodePoint(character, text.charAt(i)));
      }
    }
    return true;
  }

  private static final class Buffer extends OutputStream {
    private static final byte[] HEX = {
      '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private byte[] bytes = new byte[FIRST];
    private int length;

    void reset() {
      length = 0;
      if (bytes.length > KEPT) {
        bytes = new byte[FIRST];
      }
    }

    void one(byte value) {
      reserve(1);
      bytes[length++] = value;
    }

    /// Into room that was reserved.
    void put(byte value) {
      bytes[length++] = value;
    }

    void three(int character) {
      put((byte) (0xE0 | character >> 12));
      put((byte) (0x80 | ((character >> 6) & 0x3F)));
      put((byte) (0x80 | (character & 0x3F)));
    }

    void four(int point) {
      put((byte) (0xF0 | point >> 18));
      put((byte) (0x80 | ((point >> 12) & 0x3F)));
      put((byte) (0x80 | ((point >> 6) & 0x3F)));
      put((byte) (0x80 | (point & 0x3F)));
    }

    void ascii(char character) {
      var escaped =
          switch (character) {
            case '"', '\\' -> character;
            case '\b' -> 'b';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\f' -> 'f';
            case '\r' -> 'r';
            default -> 0;
          };
      if (escaped != 0) {
        put((byte) '\\');
        put((byte) escaped);
      } else if (character >= ' ') {
        put((byte) character);
      } else {
        put((byte) '\\');
        put((byte) 'u');
        put((byte) '0');
        put((byte) '0');
        put(HEX[character >> 4]);
        put(HEX[character & 0xF]);
      }
    }

    @Override
    public void write(int value) {
      one((byte) value);
    }

    @Override
    public void write(byte[] from, int start, int count) {
      reserve(count);
      System.arraycopy(from, start, bytes, length, count);
      length += count;
    }

    void reserve(int more) {
      if (bytes.length - length < more) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
      }
    }
  }
}
