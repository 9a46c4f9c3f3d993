package dev.sluice.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a load would do, worked out without changing anything at the destination.
///
/// ```java
/// pipeline.extract(users);
/// pipeline.normalize();
/// IO.println(pipeline.plan());
/// ```
///
/// - `packages`: those that are pending, in the order they would be loaded; each plan takes those
///   before it as loaded
public record LoadPlan(
    String pipeline,
    String destination,
    String location,
    String dataset,
    List<PlannedPackage> packages) {
  /// What would become of a package.
  ///
  /// - `alreadyLoaded`: an earlier run has committed it, so that nothing would happen
  /// - `statements`: the definitions, in order
  /// - `newColumns`: by table; a new table has all of its columns there
  public record PlannedPackage(
      String loadId,
      String schema,
      boolean alreadyLoaded,
      List<String> newTables,
      Map<String, List<String>> newColumns,
      List<String> statements,
      List<PlannedTable> tables) {}

  /// What would become of a table.
  ///
  /// - `disposition`: `append`, `replace`, `merge`, `skip`
  /// - `files`, `rows`: that the package has for it
  /// - `inserted`, `updated`, `deleted`: rows at the destination; what scd2 ends the validity of
  ///   counts as updated
  public record PlannedTable(
      String table,
      String disposition,
      int files,
      long rows,
      long inserted,
      long updated,
      long deleted) {}

  /// Whether nothing is pending.
  public boolean isEmpty() {
    return packages.isEmpty();
  }

  /// The report.
  @Override
  public String toString() {
    if (isEmpty()) return "Nothing is pending for dataset %s at %s".formatted(dataset, location);
    var text =
        new StringBuilder(
            "%d package(s) would be loaded to destination %s and into dataset %s (%s)"
                .formatted(packages.size(), destination, dataset, location));
    for (var planned : packages) {
      text.append("%npackage %s, schema %s".formatted(planned.loadId(), planned.schema()));
      if (planned.alreadyLoaded()) text.append(": is at the destination already");
      planned
          .newColumns()
          .forEach((table, columns) ->
              text.append(
                  "%n  %s %s: %s"
                      .formatted(
                          planned.newTables().contains(table) ? "new table" : "new columns in",
                          table,
                          String.join(", ", columns))));
      for (var table : planned.tables())
        text.append(
            String.format(
                Locale.ROOT,
                "%n  %s %s: %,d rows in %d files; %,d inserted, %,d updated, %,d deleted",
                table.disposition(),
                table.table(),
                table.rows(),
                table.files(),
                table.inserted(),
                table.updated(),
                table.deleted()));
    }
    return text.toString();
  }
}
