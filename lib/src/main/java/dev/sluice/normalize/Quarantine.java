package dev.sluice.normalize;

import dev.sluice.seam.IoFault;
import dev.sluice.store.FileSum;
import dev.sluice.store.JobName;
import dev.sluice.store.PackageDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Rows and values that a contract sets aside, kept beside the jobs of the package:
/// `quarantine/<table>.<file id>.jsonl`.
final class Quarantine {
  static final String FOLDER = "quarantine";
  private static final int BUFFER = 64 * 1024;

  private final PackageDraft draft;
  private final JobName file;
  private final Map<String, ByteSink> buffers = new LinkedHashMap<>();
  private final Map<String, Sum> sums = new HashMap<>();
  private final Map<String, Long> rows = new TreeMap<>();
  private final Map<String, Long> values = new TreeMap<>();

  /// What a file holds so far.
  private static final class Sum {
    final CRC32C checksum = new CRC32C();
    long bytes;
  }

  Quarantine(PackageDraft draft, JobName file) {
    this.draft = draft;
    this.file = file;
  }

  /// Sets a row aside, or one column of it.
  void add(
      String table,
      String resource,
      long line,
      @Nullable String column,
      String reason,
      @Nullable Object value) {
    var entry = new LinkedHashMap<String, @Nullable Object>();
    entry.put("table", table);
    entry.put("resource", resource);
    entry.put("file", file.fileName());
    entry.put("line", line);
    if (column != null) {
      entry.put("column", column);
    }
    entry.put("reason", reason);
    entry.put("value", RawJson.decoded(value));
    var buffer = buffers.computeIfAbsent(table, key -> new ByteSink(1024));
    JsonText.write(buffer, entry);
    buffer.raw((byte) '\n');
    (column == null ? rows : values).merge(table, 1L, Long::sum);
    if (buffer.length > BUFFER) {
      write(table, buffer);
    }
  }

  /// Rows set aside, by table.
  Map<String, Long> rows() {
    return rows;
  }

  /// Values set aside, by table.
  Map<String, Long> values() {
    return values;
  }

  void finish() {
    buffers.forEach(this::write);
  }

  /// Removes what was written, for work that is done again.
  void discard() {
    try {
      for (var table : buffers.keySet()) {
        draft.files().gone(path(table));
        Files.deleteIfExists(path(table));
      }
    } catch (IOException failed) {
      throw new CannotNormalize("Cannot delete a quarantine file: " + IoFault.said(failed), failed);
    }
  }

  private void write(String table, ByteSink buffer) {
    if (buffer.length == 0) {
      return;
    }
    var path = path(table);
    try {
      Files.createDirectories(draft.folder().resolve(FOLDER));
      try (var out =
          Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        out.write(buffer.bytes, 0, buffer.length);
      }
      var sum = sums.computeIfAbsent(table, key -> new Sum());
      sum.checksum.update(buffer.bytes, 0, buffer.length);
      sum.bytes += buffer.length;
      draft.files().written(path, FileSum.of(sum.bytes, sum.checksum));
    } catch (IOException failed) {
      throw new CannotNormalize(
          "Cannot write the quarantine file '" + path + "': " + IoFault.said(failed, path), failed);
    }
    buffer.clear();
  }

  private Path path(String table) {
    return draft
        .folder()
        .resolve(FOLDER)
        .resolve(new JobName(table, file.fileId(), 0, "jsonl", false).jobId());
  }
}
