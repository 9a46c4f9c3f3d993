package dev.sluice.inspect;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.store.JobState;
import dev.sluice.store.StoreException;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import dev.sluice.table.Grid;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a package says of itself, as grids.
final class PackageGrids {
  private PackageGrids() {}

  static Grid packages(String title, List<LoadPackage> packages) {
    var grid =
        Grid.of(title, "load id", "stage", "created", "tables", "files", "rows", "bytes", "failed");
    for (var one : packages) {
      List<StoredJob> jobs;
      try {
        jobs = one.stored().jobs();
      } catch (StoreException unreadable) {
        grid.row(one.loadId(), one.stage(), created(one.loadId()), null, null, null, null, null);
        continue;
      }
      var total = counts(jobs).values().stream().reduce(new Count(0, 0L, 0), PackageGrids::add);
      grid.row(
          one.loadId(),
          one.completion().filter(end -> !end.equals("loaded")).orElse(one.stage()),
          created(one.loadId()),
          counts(jobs).size(),
          total.files(),
          total.rows(),
          total.bytes(),
          jobs.stream().filter(job -> job.state() == JobState.FAILED).count());
    }
    return grid.build();
  }

  /// The time in a load id; null if it is none.
  static @Nullable Instant created(String loadId) {
    return loadId.matches("\\d{1,11}(\\.\\d{1,9})?")
        ? Instant.ofEpochMilli(new BigDecimal(loadId).movePointRight(3).longValue())
        : null;
  }

  /// Files, rows (null if one file's are unknown) and bytes of a table.
  record Count(long files, @Nullable Long rows, long bytes) {}

  static Grid jobs(String title, List<StoredJob> jobs) {
    var grid = Grid.of(title, "table", "rows", "bytes", "state", "format", "retries", "file");
    for (var job : jobs) {
      grid.row(
          job.table(),
          boxed(job.rows()),
          job.bytes(),
          job.state().name().toLowerCase(Locale.ROOT),
          job.name().format(),
          job.name().retry(),
          job.name().fileName());
    }
    return grid.build();
  }

  static Map<String, Count> counts(List<StoredJob> jobs) {
    var counts = new TreeMap<String, Count>();
    for (var job : jobs) {
      counts.merge(job.table(), new Count(1, boxed(job.rows()), job.bytes()), PackageGrids::add);
    }
    return counts;
  }

  private static Count add(Count left, Count right) {
    return new Count(
        left.files() + right.files(),
        left.rows() == null || right.rows() == null
            ? null
            : Long.valueOf(left.rows() + right.rows()),
        left.bytes() + right.bytes());
  }

  static Grid rowCounts(String title, List<StoredJob> jobs) {
    var grid = Grid.of(title, "table", "rows", "files", "bytes");
    counts(jobs)
        .forEach((table, count) -> grid.row(table, count.rows(), count.files(), count.bytes()));
    return grid.build();
  }

  static Grid failed(String title, StoredPackage stored) {
    var grid = Grid.of(title, "table", "file", "message");
    for (var job : stored.jobs(JobState.FAILED)) {
      grid.row(job.table(), job.name().fileName(), stored.failure(job).orElse(null));
    }
    return grid.build();
  }

  static Grid schemaUpdates(String title, Map<String, Object> updates) {
    var grid = Grid.of(title, "table", "column", "type", "nullable", "hints");
    updates.forEach((table, update) -> {
      if (update instanceof Map<?, ?> partial && partial.get("columns") instanceof Map<?, ?> all) {
        all.forEach((name, properties) -> {
          if (properties instanceof Map<?, ?> map) {
            var column = ColumnSchema.of(String.valueOf(name), strings(map));
            grid.row(table, column.name(), type(column), column.nullable(), hints(column));
          }
        });
      }
    });
    return grid.build();
  }

  /// `decimal(10,2)`.
  static @Nullable String type(ColumnSchema column) {
    var type = column.property("data_type");
    return type == null
        ? null
        : type
            + column
                .precision()
                .map(p -> "(" + p + column.scale().map(s -> "," + s).orElse("") + ")")
                .orElse("");
  }

  /// The names of the hints that are set.
  static @Nullable String hints(ColumnSchema column) {
    var hints =
        column.properties().keySet().stream()
            .filter(name ->
                !List.of("name", "data_type", "nullable", "precision", "scale", "description")
                    .contains(name))
            .filter(column::has)
            .collect(Collectors.joining(", "));
    return hints.isEmpty() ? null : hints;
  }

  static Map<String, Object> strings(Map<?, ?> map) {
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> {
      if (value != null) {
        copy.put(String.valueOf(key), value);
      }
    });
    return copy;
  }

  /// A description file: one object of typed JSON.
  static Map<String, Object> object(byte[] bytes, Path file) {
    try (var json = JsonStreams.parser(bytes, 0, bytes.length)) {
      if (TypedJson.read(json) instanceof Map<?, ?> object) {
        return strings(object);
      }
      throw new IllegalArgumentException("it is no JSON object");
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("Cannot read '" + file + "': " + e.getMessage(), e);
    }
  }

  static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? Long.valueOf(number.getAsLong()) : null;
  }
}
