package dev.sluice.sources;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes what a file holds: pages of rows, and lines that are none.
interface FileSink {
  void page(List<Map<String, @Nullable Object>> rows);

  /// A line that is no row, with the reason.
  void reject(long line, String reason, String text);
}
