package dev.sluice.pipe;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.util.List;

/// A Parquet file that holds rows of a resource's table as the destination takes them.
///
/// - `rows`: how many it holds
/// - `columns`: all of its columns, each with its type
@Seam
public record ReadyFile(Path path, long rows, List<ColumnSchema> columns) {
  public ReadyFile {
    columns = List.copyOf(columns);
  }
}
