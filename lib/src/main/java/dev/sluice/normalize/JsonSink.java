package dev.sluice.normalize;

import dev.sluice.store.JobWriter;
import dev.sluice.store.StoredJob;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rows as JSON lines.
final class JsonSink implements RowSink {
  private final Supplier<JobWriter> newWriter;
  private final ByteSink out = new ByteSink(512);
  private final MomentText moment = new MomentText();
  private @Nullable JobWriter writer;
  private int start;
  private int[] ends = new int[4];
  private int pending;

  JsonSink(Supplier<JobWriter> newWriter) {
    this.newWriter = newWriter;
  }

  @Override
  public void begin() {
    start = out.length;
  }

  private void key(ColumnState column) {
    out.raw(column.prefix, 0, column.prefix.length);
  }

  @Override
  public void text(ColumnState column, byte[] json, int from, int to, boolean escaped) {
    out.reserve(column.prefix.length + to - from + 2);
    key(column);
    out.bytes[out.length++] = '"';
    out.raw(json, from, to - from);
    out.bytes[out.length++] = '"';
  }

  @Override
  public void whole(ColumnState column, byte[] json, int from, int to) {
    key(column);
    out.raw(json, from, to - from);
  }

  @Override
  public void whole(ColumnState column, long number) {
    key(column);
    out.number(number);
  }

  @Override
  public void floating(ColumnState column, byte[] json, int from, int to, boolean whole) {
    key(column);
    out.raw(json, from, to - from);
    if (whole) {
      out.ascii(".0");
    }
  }

  @Override
  public void bool(ColumnState column, boolean value) {
    key(column);
    out.ascii(value ? "true" : "false");
  }

  @Override
  public boolean timestamp(ColumnState column, byte[] text, int from, int to) {
    if (column.form == null || !moment.read(text, from, to)) {
      return false;
    }
    key(column);
    moment.write(out, column.form.timezone());
    return true;
  }

  @Override
  public void value(ColumnState column, Object value) {
    if (column.form == null) {
      return;
    }
    int undo = out.length;
    try {
      key(column);
      ValueWriter.write(out, column.form, value);
    } catch (IllegalArgumentException misfit) {
      out.length = undo;
      throw misfit;
    }
  }

  @Override
  public void retype(ColumnState column) {}

  @Override
  public void end() {
    if (out.length == start) {
      out.raw((byte) ',');
    }
    out.bytes[start] = '{';
    out.raw((byte) '}');
    if (pending == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length);
    }
    ends[pending++] = out.length;
  }

  @Override
  public int pending() {
    return pending;
  }

  @Override
  public void keep() {
    var to = writer();
    int from = 0;
    for (int row = 0; row < pending; row++) {
      to.append(out.bytes, from, ends[row] - from);
      from = ends[row];
    }
    takeBack();
  }

  @Override
  public void takeBack() {
    out.clear();
    pending = 0;
  }

  private JobWriter writer() {
    var open = writer;
    if (open == null) {
      open = newWriter.get();
      writer = open;
    }
    return open;
  }

  @Override
  public boolean used() {
    return writer != null;
  }

  @Override
  public void ensureFile(Iterable<ColumnState> columns) {
    writer().ensureFile();
  }

  @Override
  public long rows() {
    return writer().rows();
  }

  @Override
  public List<StoredJob> finish() {
    return writer().finish();
  }

  @Override
  public void discard() {
    if (writer != null) {
      writer.discard();
    }
  }
}
