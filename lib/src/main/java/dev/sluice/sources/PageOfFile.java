package dev.sluice.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects rows of a file into pages, bounded by rows and by the bytes they came from.
final class PageOfFile {
  /// As much as a writer buffers, so that one page is read while another is written.
  private static final long BYTES = 1 << 20;

  private final FileSink sink;
  private final int rows;
  private List<Map<String, @Nullable Object>> page = new ArrayList<>();
  private long bytes;

  PageOfFile(FileSink sink, int rows) {
    this.sink = sink;
    this.rows = rows;
  }

  void add(Map<String, @Nullable Object> row, long size) {
    page.add(row);
    bytes += size;
    if (page.size() >= rows || bytes >= BYTES) flush();
  }

  void flush() {
    if (page.isEmpty()) return;
    var full = page;
    page = new ArrayList<>(full.size());
    bytes = 0;
    sink.page(full);
  }
}
