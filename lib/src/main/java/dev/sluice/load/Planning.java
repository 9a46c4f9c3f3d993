package dev.sluice.load;

import dev.sluice.progress.Progress;
import dev.sluice.progress.StageProgress;
import dev.sluice.schema.Schema;
import dev.sluice.store.StoredPackage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Works out what a load would do: the load itself, in a transaction that is rolled back. Rows that
/// are only added are counted and not read, unless a merge has to see them.
final class Planning {
  private final Target target;
  private final List<StoredPackage> packages;
  private final Fence fence;

  Planning(Target target, List<StoredPackage> packages, Fence fence) {
    this.target = target;
    this.packages = packages;
    this.fence = fence;
  }

  LoadPlan plan() {
    var plans = new ArrayList<LoadPlan.PlannedPackage>();
    if (!packages.isEmpty()) {
      fence.requireFile();
      var schema =
          Schema.read(
              packages.getLast().schema(), packages.getLast().folder().resolve("schema.json"));
      // A file that is not there is not made either.
      try (var database =
              target.exists()
                  ? Database.load(Room.large().in(target, schema))
                  : Database.read(Room.large().in(target.inMemory(), schema));
          var stage = StageProgress.start(Progress.none(), target.pipeline(), "plan")) {
        database.execute("BEGIN TRANSACTION");
        try {
          var contents = new ArrayList<PackageContent>();
          for (var source : packages)
            contents.add(PackageContent.of(source, LoadRecord.of(source)));
          var mode =
              contents.stream().anyMatch(PackageContent::merges)
                  ? PackageLoad.Mode.PLAN
                  : PackageLoad.Mode.COUNT;
          for (var content : contents) plans.add(plan(database, content, stage, mode));
        } finally {
          database.execute("ROLLBACK");
        }
      } catch (SQLException failed) {
        throw new LoadException(
            "The plan cannot be worked out: "
                + Database.firstLine(String.valueOf(failed.getMessage())),
            false,
            failed);
      }
    }
    return new LoadPlan(
        target.pipeline(),
        target.destination().type(),
        target.location(),
        target.dataset(),
        List.copyOf(plans));
  }

  private LoadPlan.PlannedPackage plan(
      Database database, PackageContent content, StageProgress stage, PackageLoad.Mode mode)
      throws SQLException {
    var catalog = Catalog.of(database, target.dataset());
    var loadId = content.source().loadId();
    var status = new SystemRows(database, catalog).status(loadId);
    if (status.isPresent() && status.getAsLong() == 0)
      return new LoadPlan.PlannedPackage(
          loadId, content.schema().name(), true, List.of(), Map.of(), List.of(), List.of());
    // The others follow the first, whose state a plan does not write.
    if (content.source().loadId().equals(packages.getFirst().loadId()))
      fence.pass(database, catalog, content);
    var load = new PackageLoad(database, content, catalog, Room.large().lineBytes(), stage, mode);
    load.run(Instant.EPOCH);
    return new LoadPlan.PlannedPackage(
        loadId,
        content.schema().name(),
        false,
        List.copyOf(load.migration().created()),
        columns(load.migration()),
        load.definitions(),
        tables(content, load));
  }

  private static Map<String, List<String>> columns(Migration migration) {
    var columns = new LinkedHashMap<String, List<String>>();
    migration
        .added()
        .forEach((table, added) ->
            columns.put(
                table,
                added.stream()
                    .map(column -> column.name() + " " + DuckDbTypes.of(column))
                    .toList()));
    return columns;
  }

  private static List<LoadPlan.PlannedTable> tables(PackageContent content, PackageLoad load) {
    var tables = new ArrayList<LoadPlan.PlannedTable>();
    for (var root : content.roots())
      for (var table : content.schema().chain(root.name())) {
        var jobs = content.jobs().getOrDefault(table.name(), List.of());
        var disposition = PackageContent.disposition(root);
        var effect = load.effects().get(table.name());
        if (jobs.isEmpty() && effect == null) continue;
        var done = effect == null ? LoadRecord.Effect.none(disposition) : effect;
        tables.add(
            new LoadPlan.PlannedTable(
                table.name(),
                disposition,
                jobs.size(),
                jobs.stream().mapToLong(job -> job.rows().orElse(0)).sum(),
                done.inserted(),
                done.updated() + done.retired(),
                done.deleted()));
      }
    return List.copyOf(tables);
  }
}
