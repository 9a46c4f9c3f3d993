package dev.sluice.normalize;

import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The schema that a package starts from: the one stored for the pipeline, which earlier packages
/// may have changed since the extract, with the hints of the package.
final class BaseSchema {
  private static final String MARKS = "x-normalizer";

  private BaseSchema() {}

  static Schema of(Optional<Schema> stored, Schema extracted, int maxNameLength) {
    if (stored.isEmpty() || stored.get().versionHash().equals(extracted.versionHash())) {
      return SchemaEditor.of(extracted, maxNameLength).toSchema();
    }
    var editor = SchemaEditor.of(stored.get(), maxNameLength);
    for (var table : extracted.tables()) {
      var known = stored.get().table(table.name());
      if (known.isEmpty()) {
        editor.update(table);
      } else if (!known.get().equals(table)) {
        refuseOtherTypes(known.get(), table);
        editor.update(table.with(MARKS, marks(known.get(), table)));
      }
    }
    return editor.toSchema();
  }

  private static void refuseOtherTypes(TableSchema known, TableSchema declared) {
    for (var column : declared.columns()) {
      var before = known.column(column.name());
      if (column.complete()
          && before.isPresent()
          && before.get().complete()
          && !before.get().dataType().equals(column.dataType())) {
        throw new CannotNormalize(
            "Column '%s' of table '%s' is %s since an earlier package, but this one declares it %s; types do not change, declare another column or drop the table"
                .formatted(
                    column.name(),
                    known.name(),
                    before.get().property("data_type"),
                    column.property("data_type")));
      }
    }
  }

  private static Map<String, Object> marks(TableSchema known, TableSchema declared) {
    var marks = new LinkedHashMap<String, Object>();
    for (var table : java.util.List.of(known, declared)) {
      if (table.property(MARKS) instanceof Map<?, ?> own) {
        own.forEach((key, value) -> marks.put((String) key, value));
      }
    }
    return marks;
  }
}
