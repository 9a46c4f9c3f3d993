package dev.sluice.extract;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.seam.IoFault;
import dev.sluice.store.FileSum;
import dev.sluice.store.PackageDraft;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;

/// Rows of a table that a contract does not let come to be: kept in the package's quarantine.
final class SetAside implements AutoCloseable {
  private final PackageDraft draft;
  private final String table;
  private final String resource;
  private final Path file;
  private final CheckedOutputStream bytes;
  private final JsonGenerator out;
  private long rows;

  private SetAside(
      PackageDraft draft, String table, String resource, Path file, OutputStream bytes) {
    this.draft = draft;
    this.table = table;
    this.resource = resource;
    this.file = file;
    this.bytes = new CheckedOutputStream(bytes, new CRC32C());
    this.out = JsonStreams.generator(this.bytes);
  }

  static SetAside of(PackageDraft draft, String table, String resource) {
    var file = draft.quarantineFile(draft.newJob(table, "jsonl", false));
    try {
      return new SetAside(draft, table, resource, file, Files.newOutputStream(file));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static UncheckedIOException unwritable(Path file, IOException e) {
    return new UncheckedIOException("Cannot write '" + file + "': " + IoFault.said(e, file), e);
  }

  /// Adds an encoded row.
  void add(byte[] row, int offset, int length) {
    rows++;
    draft.refuseSecrets(table, String.valueOf(file.getFileName()), rows, row, offset, length);
    written(() -> write(row, offset, length));
  }

  private void write(byte[] row, int offset, int length) {
    out.writeStartObject();
    out.writeStringProperty("table", table);
    out.writeStringProperty("resource", resource);
    out.writeStringProperty("file", String.valueOf(file.getFileName()));
    out.writeNumberProperty("line", rows);
    out.writeStringProperty("reason", "table '" + table + "' is new and the contract discards it");
    out.writeName("value");
    try (var parser = JsonStreams.parser(row, offset, length)) {
      TypedJson.write(out, TypedJson.read(parser));
    }
    out.writeEndObject();
    out.writeRaw('\n');
  }

  /// Writes out what has come so far and says how much that is.
  Checkpoints.Written checkpoint() {
    written(out::flush);
    try {
      return new Checkpoints.Written(String.valueOf(file.getFileName()), table, rows, sum());
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private FileSum sum() throws IOException {
    return FileSum.of(Files.size(file), bytes.getChecksum());
  }

  /// Writes the rest and says how many rows there are.
  long finish() {
    close();
    try {
      draft.files().written(file, sum());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  @Override
  public void close() {
    try (bytes) {
      if (!out.isClosed()) {
        written(out::close);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private void written(Runnable writing) {
    try {
      writing.run();
    } catch (JacksonIOException e) {
      throw unwritable(file, Objects.requireNonNull(e.getCause()));
    }
  }
}
