package dev.sluice.resource;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.table.Grid;
import dev.sluice.table.Tables;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/// The first rows of a resource as people look at them: a column for each key.
final class Head {
  private Head() {}

  static Table of(Resource<?> resource, int rows) {
    if (rows < 0) {
      throw new IllegalArgumentException("head takes 0 rows or more, not " + rows);
    }
    var grid = Grid.of(resource.name());
    var taken = 0;
    for (var row : resource.limitRows(rows)) {
      if (taken++ == rows) {
        break; // a page is not parted by the limit
      }
      grid.row(columns(row));
    }
    return Tables.of(grid.build("first %d rows of %s".formatted(grid.rows(), resource.name())));
  }

  /// A record, a map or a JSON object by its keys; anything else is one value, as in a table.
  private static Map<String, @Nullable Object> columns(@Nullable Object row) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, row);
    }
    var columns = new LinkedHashMap<String, @Nullable Object>();
    try (var in = JsonStreams.parser(bytes.toByteArray(), 0, bytes.size())) {
      var value = TypedJson.read(in);
      if (value instanceof Map<?, ?> object) {
        object.forEach((key, inner) -> columns.put(String.valueOf(key), inner));
      } else {
        columns.put("value", value);
      }
    }
    return columns;
  }
}
