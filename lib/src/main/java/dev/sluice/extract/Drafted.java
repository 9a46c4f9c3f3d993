package dev.sluice.extract;

import dev.sluice.schema.Schema;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredPackage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A package being made, with its schema.
final class Drafted {
  final String source;
  final PackageDraft draft;
  final Checkpoints checkpoints;
  final Map<String, Object> state = new LinkedHashMap<>();
  final Schema before;
  Schema schema;

  /// What the schema was before the table of the state came into it, if it did.
  @Nullable Schema withoutState;

  boolean keptFiles;
  boolean restored;
  boolean gaveRows;

  /// Whether the schema begins anew, with all its tables forgotten.
  boolean anew;

  /// Whether rows of it were set aside, which are not to be lost.
  boolean setAside;

  Drafted(String source, PackageDraft draft, Checkpoints checkpoints, Schema schema) {
    this.source = source;
    this.draft = draft;
    this.checkpoints = checkpoints;
    this.before = schema;
    this.schema = schema;
  }

  /// Hashes of what a schema that begins was on the way, and of the one whose place it takes.
  List<String> hashesBefore() {
    return Stream.of(Optional.ofNullable(withoutState), Optional.of(before).filter(old -> anew))
        .flatMap(Optional::stream)
        .map(Schema::versionHash)
        .toList();
  }

  /// Whether there is nothing to load. What was set aside is kept all the same.
  boolean empty() {
    return draft.jobCount() == 0
        && !state.containsKey("dropped_tables")
        && !state.containsKey("truncated_tables");
  }

  /// What became of it: its tables, dlt's own last; `aside` are rows set aside by table.
  ExtractInfo.ExtractedPackage described(StoredPackage stored, Map<String, Long> aside) {
    var tables = new LinkedHashMap<String, ExtractInfo.Table>();
    for (var job : stored.jobs()) {
      var resource =
          schema.table(job.table()).flatMap(table -> table.resource()).orElse(job.table());
      tables.merge(
          job.table(),
          new ExtractInfo.Table(job.table(), resource, job.rows().orElse(0), 1, job.bytes(), 0),
          ExtractInfo.Table::plus);
    }
    aside.forEach((table, rows) ->
        tables.merge(
            table, new ExtractInfo.Table(table, table, 0, 0, 0, rows), ExtractInfo.Table::plus));
    var own = tables.values().stream().filter(table -> !table.name().startsWith("_dlt"));
    var system = tables.values().stream().filter(table -> table.name().startsWith("_dlt"));
    return new ExtractInfo.ExtractedPackage(
        stored.loadId(), source, Stream.concat(own, system).toList(), keptFiles);
  }
}
