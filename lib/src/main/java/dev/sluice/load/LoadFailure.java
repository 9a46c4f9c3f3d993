package dev.sluice.load;

import dev.sluice.store.JobName;
import dev.sluice.store.StoredPackage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Pattern;

/// What DuckDB refuses, in words that say what to do next.
final class LoadFailure {
  private static final Pattern VALUE_PLACE =
      Pattern.compile(
          "in file \"([^\"]*)\", (?:at byte \\d+ )?in line (\\d+): (.*)", Pattern.DOTALL);

  private static final Pattern DAMAGED = Pattern.compile("GZIP[^:]*: (\\S+\\.gz)");

  private static final Pattern NOT_NULL =
      Pattern.compile("NOT NULL constraint failed: (\\S+)\\.(\\S+)");

  private LoadFailure() {}

  static LoadException of(StoredPackage source, SQLException failed) {
    var message = String.valueOf(failed.getMessage());
    var place = VALUE_PLACE.matcher(message);
    if (place.find()) {
      var file = String.valueOf(Path.of(place.group(1)).getFileName());
      return new LoadException(
          "Table '"
              + JobName.parse(file).map(name -> name.table()).orElse("?")
              + "' cannot take a value: file '"
              + file
              + "' of package '"
              + source.loadId()
              + "', line "
              + place.group(2)
              + ": "
              + Database.firstLine(place.group(3))
              + "; normalize should have refused it, so please report this",
          false,
          failed);
    }
    var notNull = NOT_NULL.matcher(message);
    if (notNull.find())
      return new LoadException(
          "Column '"
              + notNull.group(2)
              + "' of table '"
              + notNull.group(1)
              + "' may not be null, but package '"
              + source.loadId()
              + "' would leave rows without a value; declare the column nullable",
          false,
          failed);
    if (message.contains("Out of Memory Error") || message.contains("maximum_object_size"))
      return new LoadException(
          "Package '"
              + source.loadId()
              + "' does not fit the memory of DuckDB: "
              + Database.firstLine(message)
              + "; set load.memory_limit higher or load.threads lower, or split very long rows",
          false,
          failed);
    if (message.contains("FATAL Error"))
      return new LoadException(
          "Package '"
              + source.loadId()
              + "' was not loaded, as far as DuckDB knows: "
              + Database.firstLine(message)
              + "; the next run looks whether its rows are at the destination, and loads them if not",
          true,
          failed);
    if (message.contains("No space left"))
      return new LoadException(
          "Package '"
              + source.loadId()
              + "' was not loaded: the disk is full ("
              + Database.firstLine(message)
              + "); free some space and run again, nothing of it is at the destination",
          true,
          failed);
    var damaged = DAMAGED.matcher(message);
    if (damaged.find())
      return new LoadException(
          "Package '"
              + source.loadId()
              + "' was not loaded: its file '"
              + Path.of(damaged.group(1)).getFileName()
              + "' is damaged; restore it, or drop the package and extract again",
          false,
          failed);
    return new LoadException(
        "Package '"
            + source.loadId()
            + "' was not loaded: "
            + Database.firstLine(message)
            + "; nothing of it is at the destination",
        message.contains("TransactionContext Error: Conflict"),
        failed);
  }
}
