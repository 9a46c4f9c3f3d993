package dev.sluice.extract;

import dev.sluice.json.RowEncoder;
import dev.sluice.pipe.PipeException;
import dev.sluice.pipe.ReadyFile;
import dev.sluice.progress.StageProgress;
import dev.sluice.resource.Hints;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Sink;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.Compressor;
import dev.sluice.store.JobWriter;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import dev.sluice.store.WriterSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Takes the rows of one source, declares their tables in the schema and writes them into the files
/// of a package.
///
/// Each resource has writers of its own, also for a table that several feed: after a crash one can
/// go on from its checkpoint while another begins anew.
final class PackageWriter implements Sink, AutoCloseable {
  private final PackageDraft draft;
  private final SchemaEditor schema;
  private final ContractGate gate;
  private final Compressor compressor;
  private final Function<String, WriterSettings> settings;
  private final Checkpoints checkpoints;
  private final StageProgress progress;
  private final StageProgress.Tally rowsDone;
  private final List<String> warnings;
  private final RowEncoder bytes = RowEncoder.buffered();
  private final Map<String, Feed> feeds = new LinkedHashMap<>();

  /// What one resource has given so far.
  private static final class Feed {
    final Resource<?> resource;
    final Hints hints;
    final Map<String, Target> byGivenName = new HashMap<>();
    final Map<String, Target> byTable = new LinkedHashMap<>();
    long pages;
    long rows;

    Feed(Resource<?> resource) {
      this.resource = resource;
      this.hints = resource.hints();
    }

    /// The place of a row, as whoever wrote the resource counts.
    String place(int row) {
      return rows == pages - 1 && row == 1 ? "Row " + pages : "Row " + row + " of page " + pages;
    }
  }

  /// Where the rows of one resource for one table go.
  private static final class Target {
    final String table;
    final @Nullable JobWriter writer;
    final @Nullable SetAside setAside;
    final List<StoredJob> ready = new ArrayList<>();

    Target(String table, @Nullable JobWriter writer, @Nullable SetAside setAside) {
      this.table = table;
      this.writer = writer;
      this.setAside = setAside;
    }
  }

  PackageWriter(
      PackageDraft draft,
      SchemaEditor schema,
      ContractGate gate,
      Compressor compressor,
      Function<String, WriterSettings> settings,
      Checkpoints checkpoints,
      StageProgress progress,
      List<String> warnings) {
    this.draft = draft;
    this.schema = schema;
    this.gate = gate;
    this.compressor = compressor;
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.progress = progress;
    this.rowsDone = progress.tally("rows");
    this.warnings = warnings;
  }

  @Override
  public void rows(Resource<?> resource, List<?> rows, @Nullable String table) throws Exception {
    var feed = feeds.computeIfAbsent(resource.name(), name -> new Feed(resource));
    feed.pages++;
    var chooser = table == null ? feed.hints.tableOf().orElse(null) : null;
    var target =
        chooser == null
            ? target(feed, table == null ? feed.hints.table().orElse(resource.name()) : table)
            : null;
    int row = 0;
    for (var value : rows) {
      row++;
      try {
        var to =
            target == null
                ? target(feed, String.valueOf(Objects.requireNonNull(chooser).apply(value)))
                : target;
        bytes.encode(value);
        append(to);
      } catch (IllegalArgumentException refused) {
        throw new PipeException(
            resource.name(),
            "%s of resource '%s': %s"
                .formatted(feed.place(row), resource.name(), refused.getMessage()),
            refused);
      }
    }
    feed.rows += row;
    rowsDone.add(rows.size());
    progress.page(resource.name(), rows.size());
  }

  @Override
  public boolean file(Resource<?> resource, ReadyFile file) {
    var feed = feeds.computeIfAbsent(resource.name(), name -> new Feed(resource));
    var name = feed.hints.table().orElse(resource.name());
    var columns = ReadyColumns.of(schema, gate, resource.name(), name, feed.hints, file);
    if (columns.isEmpty()) {
      return false;
    }
    var target = target(feed, name);
    if (target.writer == null) {
      return false;
    }
    schema.update(TableSchema.of(target.table).columns(columns.get()));
    target.ready.add(draft.take(file.path(), target.table, "parquet", file.rows()));
    feed.pages++;
    feed.rows += file.rows();
    rowsDone.add(file.rows());
    progress.page(resource.name(), file.rows());
    return true;
  }

  private void append(Target target) {
    if (target.writer != null) {
      target.writer.append(bytes.bytes(), bytes.offset(), bytes.length());
    } else {
      Objects.requireNonNull(target.setAside).add(bytes.bytes(), bytes.offset(), bytes.length());
    }
  }

  private Target target(Feed feed, String givenName) {
    var known = feed.byGivenName.get(givenName);
    if (known == null) {
      known = newTarget(feed, givenName);
      feed.byGivenName.put(givenName, known);
    }
    return known;
  }

  private Target newTarget(Feed feed, String givenName) {
    var tables =
        DeclaredTables.of(schema, feed.resource.name(), givenName, feed.hints.ofTable(givenName));
    var name = tables.getFirst().name();
    var existing = feed.byTable.get(name);
    if (existing != null) {
      return existing;
    }
    warnOfOthers(feed.resource.name(), name);
    var first = firstFor(name);
    var admitted = first == null ? admitted(tables) : first.writer != null;
    var target =
        admitted
            ? new Target(name, writer(feed, name), null)
            : new Target(name, null, SetAside.of(draft, name, feed.resource.name()));
    feed.byTable.put(name, target);
    progress.tally("tables").add(1);
    return target;
  }

  private JobWriter writer(Feed feed, String table) {
    return draft.writer(table, "typed-jsonl", settings.apply(feed.resource.name()), compressor);
  }

  private @Nullable Target firstFor(String table) {
    for (var feed : feeds.values()) {
      var target = feed.byTable.get(table);
      if (target != null) {
        return target;
      }
    }
    return null;
  }

  /// A table that several resources feed is as the first of them declares it, as in dlt.
  private boolean admitted(List<TableSchema> tables) {
    var all = true;
    for (var table : tables) {
      all &= gate.admit(table);
    }
    return all;
  }

  private void warnOfOthers(String resource, String table) {
    for (var other : feeds.values()) {
      if (!other.resource.name().equals(resource) && other.byTable.containsKey(table)) {
        warnings.add(
            "resources '%s' and '%s' both feed table '%s'; give one of them another table name"
                .formatted(other.resource.name(), resource, table));
      }
    }
  }

  @Override
  public void checkpoint(List<Resource<?>> resources, String token, Map<String, Object> state) {
    for (var resource : resources) {
      var feed = feeds.computeIfAbsent(resource.name(), name -> new Feed(resource));
      var aside =
          feed.byTable.values().stream()
              .flatMap(target -> Stream.ofNullable(target.setAside))
              .map(SetAside::checkpoint)
              .toList();
      checkpoints.put(resource.name(), token, files(feed), aside, state, schema.toSchema());
    }
    draft.checkpoint(checkpoints.bytes());
  }

  private static List<StoredJob> files(Feed feed) {
    var files = new ArrayList<StoredJob>();
    for (var target : feed.byTable.values()) {
      if (target.writer != null) {
        files.addAll(target.writer.checkpoint());
      }
      files.addAll(target.ready);
    }
    return files;
  }

  /// The normalized names of the tables that got rows.
  List<String> tablesWithRows() {
    return feeds.values().stream()
        .flatMap(feed -> feed.byTable.values().stream())
        .filter(target ->
            (target.writer != null && target.writer.rows() > 0) || !target.ready.isEmpty())
        .map(target -> target.table)
        .toList();
  }

  /// A file without rows, so that a table that is replaced is emptied.
  void emptyFile(Resource<?> resource, String table) {
    var feed = feeds.computeIfAbsent(resource.name(), name -> new Feed(resource));
    var target =
        feed.byTable.computeIfAbsent(table, name -> new Target(name, writer(feed, name), null));
    if (target.writer != null) {
      target.writer.ensureFile();
    }
  }

  /// Writes the rest.
  ///
  /// - returns how many rows of which table were set aside
  Map<String, Long> finish() {
    var aside = new LinkedHashMap<String, Long>();
    for (var feed : feeds.values()) {
      for (var target : feed.byTable.values()) {
        if (target.writer != null) {
          for (var file : target.writer.finish()) {
            told(file);
          }
          target.ready.forEach(this::told);
        }
        if (target.setAside != null) {
          aside.merge(target.table, target.setAside.finish(), Long::sum);
        }
      }
    }
    return aside;
  }

  private void told(StoredJob file) {
    progress.tally("files").add(1);
    progress.file(file.table(), file.name().fileName(), file.rows().orElse(0));
  }

  /// Ends all writers without writing what they still buffer.
  @Override
  public void close() {
    for (var feed : feeds.values()) {
      for (var target : feed.byTable.values()) {
        if (target.writer != null) {
          target.writer.close();
        }
        if (target.setAside != null) {
          target.setAside.close();
        }
      }
    }
  }
}
