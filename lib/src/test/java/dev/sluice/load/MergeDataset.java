package dev.sluice.load;

import static java.util.stream.Collectors.joining;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A dataset in a real DuckDB that takes loads as the loader gives them to the merge: tables made,
/// rows staged in temporary tables.
final class MergeDataset implements AutoCloseable {
  private final Connection connection;
  private final Map<String, Set<String>> tables = new LinkedHashMap<>();
  private @Nullable MergeContext last;

  private MergeDataset(Connection connection) {
    this.connection = connection;
  }

  static MergeDataset open() throws SQLException {
    var dataset = new MergeDataset(DriverManager.getConnection("jdbc:duckdb:"));
    dataset.execute("SET TimeZone = 'UTC'");
    dataset.execute("CREATE SCHEMA data");
    return dataset;
  }

  /// Runs the steps of a merge, perhaps with a look before.
  interface Runner {
    Map<MergeStep.Effect, Long> run(MergeContext context, List<MergeStep> steps)
        throws SQLException;
  }

  /// Work on the dataset.
  interface Work {
    void run() throws SQLException;
  }

  /// Loads rows by table into the chain of `root` and returns how many rows each effect touched.
  Map<MergeStep.Effect, Long> load(
      Schema schema,
      String root,
      Map<String, ? extends List<? extends Map<String, ?>>> rows,
      String loadId,
      Instant createdAt)
      throws SQLException {
    return load(schema, root, rows, loadId, createdAt, (context, steps) -> run(steps));
  }

  Map<MergeStep.Effect, Long> load(
      Schema schema,
      String root,
      Map<String, ? extends List<? extends Map<String, ?>>> rows,
      String loadId,
      Instant createdAt,
      Runner runner)
      throws SQLException {
    connection.setAutoCommit(false);
    var context = stage(schema, root, rows, loadId, createdAt);
    var counts = runner.run(context, MergeSql.steps(context));
    for (var table : context.staged()) execute("DROP TABLE " + context.staging().apply(table));
    connection.setAutoCommit(true);
    last = context;
    return counts;
  }

  /// Does the work in a transaction that is rolled back.
  void inTransaction(Work work) throws SQLException {
    connection.setAutoCommit(false);
    work.run();
    connection.rollback();
    connection.setAutoCommit(true);
  }

  /// The context of the last load.
  MergeContext last() {
    return Optional.ofNullable(last).orElseThrow();
  }

  Map<MergeStep.Effect, Long> run(List<MergeStep> steps) throws SQLException {
    var counts = new TreeMap<MergeStep.Effect, Long>();
    for (var step : steps)
      try (var statement = connection.createStatement()) {
        long count = Math.max(0, statement.executeLargeUpdate(step.sql()));
        if (step.effect() != MergeStep.Effect.PREPARE)
          counts.merge(step.effect(), count, Long::sum);
      } catch (SQLException e) {
        throw new SQLException(step.sql(), e);
      }
    return counts;
  }

  MergeContext stage(
      Schema schema,
      String root,
      Map<String, ? extends List<? extends Map<String, ?>>> rows,
      String loadId,
      Instant createdAt)
      throws SQLException {
    var created = new HashSet<String>();
    var rootKeysAdded = new HashSet<String>();
    var chain = new ArrayList<String>();
    for (var table : schema.chain(root)) {
      if (table.isNew()) continue;
      chain.add(table.name());
      var known = tables.get(table.name());
      if (known == null) {
        created.add(table.name());
        known = new LinkedHashSet<>();
        tables.put(table.name(), known);
        execute(
            table.completeColumns().stream()
                .map(MergeDataset::definition)
                .collect(joining(", ", "CREATE TABLE " + name(table.name()) + " (", ")")));
      } else {
        for (var column : table.completeColumns())
          if (!known.contains(column.name())) {
            var alter = "ALTER TABLE " + name(table.name());
            if (column.has("root_key")) {
              rootKeysAdded.add(table.name());
              for (var sql : MergeSql.addKeyColumn(name(table.name()), Ident.of(column.name())))
                execute(sql);
            } else {
              execute(alter + " ADD COLUMN " + Ident.of(column.name()) + " " + type(column));
            }
          }
      }
      for (var column : table.completeColumns()) known.add(column.name());
    }
    var staged = new HashSet<String>();
    for (var entry : rows.entrySet()) {
      var table = schema.table(entry.getKey()).orElseThrow();
      staged.add(table.name());
      var staging = staging(table.name());
      execute(
          table.completeColumns().stream()
              .map(column -> Ident.of(column.name()) + " " + type(column))
              .collect(joining(", ", "CREATE TEMP TABLE " + staging + " (", ")")));
      insert(staging, table, entry.getValue());
    }
    return new MergeContext(
        schema,
        root,
        chain,
        staged,
        created,
        rootKeysAdded,
        Map.of(),
        MergeDataset::name,
        MergeDataset::staging,
        loadId,
        createdAt);
  }

  /// All rows of a table, without nulls.
  List<Map<String, Object>> rows(String table) throws SQLException {
    return query("SELECT * FROM " + name(table));
  }

  List<Map<String, Object>> query(String sql) throws SQLException {
    var all = new ArrayList<Map<String, Object>>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      var columns = result.getMetaData();
      while (result.next()) {
        var row = new TreeMap<String, Object>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          var value = result.getObject(i);
          if (value != null) row.put(columns.getColumnLabel(i), value);
        }
        all.add(row);
      }
    }
    return all;
  }

  Set<String> tables() {
    return tables.keySet();
  }

  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new SQLException(sql, e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  static Ident name(String table) {
    return Ident.of("data", table);
  }

  static Ident staging(String table) {
    return Ident.of("temp", "staged " + table);
  }

  private void insert(Ident staging, TableSchema table, List<? extends Map<String, ?>> rows)
      throws SQLException {
    var columns = table.completeColumns();
    var marks = columns.stream().map(c -> "CAST(? AS " + type(c) + ")").collect(joining(", "));
    try (var statement =
        connection.prepareStatement("INSERT INTO " + staging + " VALUES (" + marks + ")")) {
      for (var row : rows) {
        for (int i = 0; i < columns.size(); i++)
          statement.setObject(i + 1, row.get(columns.get(i).name()));
        statement.addBatch();
      }
      if (!rows.isEmpty()) statement.executeBatch();
    }
  }

  private static String definition(ColumnSchema column) {
    return Ident.of(column.name()) + " " + type(column) + (column.nullable() ? "" : " NOT NULL");
  }

  private static String type(ColumnSchema column) {
    return switch (column.dataType().orElseThrow()) {
      case TEXT -> "VARCHAR";
      case BIGINT -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case BOOL -> "BOOLEAN";
      case TIMESTAMP -> "TIMESTAMPTZ";
      case DataType other -> throw new IllegalArgumentException(other.word());
    };
  }
}
