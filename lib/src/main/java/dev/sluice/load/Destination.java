package dev.sluice.load;

import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.util.Optional;

/// Where a pipeline loads to.
///
/// ```java
/// pipeline("shop").to(duckdb());                      // shop.duckdb in the working folder
/// pipeline("shop").to(duckdb("data/shop.duckdb"));
/// pipeline("shop").to(duckdb(":memory:"));            // gone when this process ends
/// ```
///
/// One destination object in memory is one database; a file may be shared by many pipelines, one
/// load at a time.
public final class Destination {
  /// What kinds of places there are. A server would be another one, with its own connection and its
  /// own spelling of statements.
  sealed interface Place {}

  /// The file named by the setting `destination.duckdb.credentials`, else one named like the
  /// pipeline.
  record DefaultFile() implements Place {}

  /// A DuckDB file; a relative path starts at the working folder.
  record File(Path path) implements Place {}

  /// A DuckDB database that lives as long as this object.
  record Memory(MemoryDatabase database) implements Place {}

  private final Place place;

  private Destination(Place place) {
    this.place = place;
  }

  /// A DuckDB file in the working folder, named like the pipeline: `<pipeline>.duckdb`. The setting
  /// `destination.duckdb.credentials` names another one.
  public static Destination duckdb() {
    return new Destination(new DefaultFile());
  }

  /// A DuckDB file; it is created by the first load.
  public static Destination duckdb(Path file) {
    return new Destination(new File(file));
  }

  /// A DuckDB file by its path or as `duckdb:///path`, or `:memory:`.
  public static Destination duckdb(String file) {
    return file.strip().equals(":memory:")
        ? new Destination(new Memory(new MemoryDatabase()))
        : duckdb(path(file));
  }

  /// The file of a pipeline; empty if it is in memory.
  ///
  /// - `configured`: what the setting `destination.duckdb.credentials` says
  @Seam
  public Optional<Path> file(String pipeline, Path workingFolder, Optional<String> configured) {
    return switch (place) {
      case File(var path) -> Optional.of(absolute(workingFolder, path));
      case DefaultFile() ->
          Optional.of(
              absolute(
                  workingFolder,
                  configured.map(Destination::path).orElse(Path.of(pipeline + ".duckdb"))));
      case Memory(var database) -> Optional.empty();
    };
  }

  /// The kind of place, in dlt's word: `duckdb`.
  @Seam
  public String type() {
    return "duckdb";
  }

  Place place() {
    return place;
  }

  /// For instance `duckdb data/shop.duckdb`; holds no secret.
  @Override
  public String toString() {
    return switch (place) {
      case File(var path) -> "duckdb " + path;
      case DefaultFile() -> "duckdb <pipeline>.duckdb";
      case Memory(var database) -> "duckdb :memory:";
    };
  }

  private static Path path(String file) {
    var stripped = file.strip();
    if (stripped.startsWith("duckdb:///")) stripped = stripped.substring("duckdb:///".length());
    if (stripped.isEmpty() || stripped.contains("://") || stripped.indexOf('\0') >= 0)
      throw new IllegalArgumentException(
          "'"
              + file
              + "' is no DuckDB file; give a path such as 'data/shop.duckdb', or ':memory:'");
    return Path.of(stripped);
  }

  private static Path absolute(Path workingFolder, Path path) {
    return workingFolder.resolve(path).toAbsolutePath().normalize();
  }
}
