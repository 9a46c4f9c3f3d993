package dev.sluice.sources;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads from a database what its tables are: columns with types, keys, references.
final class Reflection {
  private static final String[] TABLES = {
    "TABLE", "BASE TABLE", "PARTITIONED TABLE", "FOREIGN TABLE", "MATERIALIZED VIEW"
  };
  private static final Set<String> OWN_SCHEMAS =
      Set.of("information_schema", "pg_catalog", "sys", "mysql", "performance_schema");

  /// A column as the database declares it; `size` and `digits` are 0 where it says none.
  record Column(
      String name,
      SqlKind kind,
      int jdbcType,
      String type,
      int size,
      int digits,
      boolean nullable) {}

  /// Columns of another table that columns of this one point to.
  record Reference(String table, List<String> columns, List<String> referenced) {}

  /// A table or view, with what it takes to name it in SQL.
  record Table(
      @Nullable String catalog,
      @Nullable String schema,
      String name,
      List<Column> columns,
      List<String> primaryKey,
      List<Reference> references) {}

  private record Name(@Nullable String catalog, @Nullable String schema, String table) {}

  private final Dialect dialect;
  private final DatabaseMetaData metadata;
  private final String catalog;
  private final @Nullable String schema;

  private Reflection(Connection connection, @Nullable String schema) throws SQLException {
    this.metadata = connection.getMetaData();
    this.dialect = Dialect.named(metadata.getDatabaseProductName());
    this.catalog = connection.getCatalog();
    // MySQL has catalogs where others have schemas; SQLite has neither.
    this.schema =
        schema != null ? schema : dialect == Dialect.SQLITE ? null : connection.getSchema();
  }

  /// Reads through this connection; a null schema is the connection's own.
  static Reflection of(Connection connection, @Nullable String schema) throws SQLException {
    return new Reflection(connection, schema);
  }

  /// The names of all tables, and of views if asked for, in order.
  List<String> tables(boolean views) throws SQLException {
    return names(views, "%").stream().map(Name::table).sorted().toList();
  }

  /// The table or view of that name, or else the only one whose name differs by case.
  Table table(String name) throws SQLException {
    var all = names(true, "%");
    var exact = all.stream().filter(found -> found.table().equals(name)).findFirst();
    var like = all.stream().filter(found -> found.table().equalsIgnoreCase(name)).toList();
    var found =
        exact
            .or(() -> like.size() == 1 ? Optional.of(like.getFirst()) : Optional.empty())
            .orElseThrow(() -> unknown(name, all));
    return new Table(
        found.catalog(),
        found.schema(),
        found.table(),
        columns(found),
        primaryKey(found),
        references(found));
  }

  private SourceFailed unknown(String name, List<Name> all) {
    var known =
        all.stream().map(Name::table).sorted().limit(20).collect(Collectors.joining("', '"));
    return new SourceFailed(
        "Schema '%s' has no table or view '%s'; it has '%s'%s"
            .formatted(schema, name, known, all.size() > 20 ? " and others" : ""));
  }

  private List<Name> names(boolean views, String pattern) throws SQLException {
    var types = new ArrayList<>(List.of(TABLES));
    if (views) types.add("VIEW");
    var found = new ArrayList<Name>();
    var inCatalog = dialect == Dialect.MYSQL && schema != null ? schema : catalog;
    var inSchema = dialect == Dialect.MYSQL ? null : schema;
    try (var rows =
        metadata.getTables(inCatalog, escaped(inSchema), pattern, types.toArray(String[]::new))) {
      while (rows.next()) {
        var owner = rows.getString("TABLE_SCHEM");
        if (owner == null || !OWN_SCHEMAS.contains(owner.toLowerCase(Locale.ROOT))) {
          found.add(new Name(rows.getString("TABLE_CAT"), owner, rows.getString("TABLE_NAME")));
        }
      }
    }
    return found;
  }

  private List<Column> columns(Name table) throws SQLException {
    var found = new TreeMap<Integer, Column>();
    try (var rows =
        metadata.getColumns(
            table.catalog(), escaped(table.schema()), escaped(table.table()), "%")) {
      while (rows.next()) {
        var type = String.valueOf(rows.getString("TYPE_NAME"));
        var number = rows.getInt("DATA_TYPE");
        if (number == Types.DISTINCT) number = rows.getInt("SOURCE_DATA_TYPE");
        var nullable = rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls;
        found.put(
            rows.getInt("ORDINAL_POSITION"),
            new Column(
                rows.getString("COLUMN_NAME"),
                SqlKind.of(dialect, number, type),
                number,
                type,
                size(rows),
                rows.getInt("DECIMAL_DIGITS"),
                nullable));
      }
    }
    return List.copyOf(found.values());
  }

  /// SQLite's driver adds the digits behind the point to the digits of all.
  private int size(ResultSet column) throws SQLException {
    var size = column.getInt("COLUMN_SIZE");
    return dialect == Dialect.SQLITE ? size - column.getInt("DECIMAL_DIGITS") : size;
  }

  private List<String> primaryKey(Name table) throws SQLException {
    var key = new TreeMap<Integer, String>();
    try (var rows = metadata.getPrimaryKeys(table.catalog(), table.schema(), table.table())) {
      while (rows.next()) key.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
    }
    return List.copyOf(key.values());
  }

  /// Foreign keys to tables of the same schema; several to one table are one reference, as in dlt.
  private List<Reference> references(Name table) throws SQLException {
    var found = new LinkedHashMap<String, Reference>();
    try (var rows = metadata.getImportedKeys(table.catalog(), table.schema(), table.table())) {
      while (rows.next()) {
        if (!sameSchema(rows, table)) continue;
        var to = rows.getString("PKTABLE_NAME");
        var reference =
            found.computeIfAbsent(
                to, name -> new Reference(name, new ArrayList<>(), new ArrayList<>()));
        reference.columns().add(rows.getString("FKCOLUMN_NAME"));
        reference.referenced().add(rows.getString("PKCOLUMN_NAME"));
      }
    }
    return List.copyOf(found.values());
  }

  private static boolean sameSchema(ResultSet row, Name table) throws SQLException {
    var schema = row.getString("PKTABLE_SCHEM");
    return schema == null || table.schema() == null || schema.equals(table.schema());
  }

  private @Nullable String escaped(@Nullable String name) throws SQLException {
    if (name == null) return null;
    var escape = metadata.getSearchStringEscape();
    if (escape == null || escape.isEmpty()) return name;
    return name.replace(escape, escape + escape)
        .replace("_", escape + "_")
        .replace("%", escape + "%");
  }

  /// The hints of a column: its name and whether it may be null, then its type, then precision.
  static ColumnSchema hints(Column column, SqlDatabase.Detail detail, Dialect dialect) {
    var hints = ColumnSchema.of(column.name()).with("nullable", column.nullable());
    if (detail == SqlDatabase.Detail.MINIMAL) return hints;
    var type = type(column, dialect);
    if (type.isEmpty()) return hints;
    return precise(
        hints.type(type.get()), column, detail == SqlDatabase.Detail.FULL_WITH_PRECISION);
  }

  private static ColumnSchema precise(ColumnSchema hints, Column column, boolean precision) {
    var size = column.size();
    // Drivers say 0, 131089 or 2147483647 where no length was declared.
    var sized = size > 0 && size < 100_000_000;
    return switch (hints.dataType().orElseThrow()) {
      case DECIMAL ->
          column.kind() == SqlKind.HUGE
              ? hints.precision(38, 0)
              : size > 0 && size <= 1000 ? hints.precision(size, column.digits()) : hints;
      case BIGINT -> precision && column.kind() == SqlKind.SMALLINT ? hints.precision(32) : hints;
      case TEXT ->
          precision && sized && column.jdbcType() != Types.OTHER ? hints.precision(size) : hints;
      case BINARY -> precision && sized ? hints.precision(size) : hints;
      case TIMESTAMP -> hints.with("timezone", column.kind() == SqlKind.INSTANT);
      case DOUBLE, BOOL, JSON, WEI, DATE, TIME -> hints;
    };
  }

  /// The type of the column's hint.
  static Optional<DataType> type(Column column, Dialect dialect) {
    return dialect == Dialect.SQLITE
        ? SqlKind.declaredInSqlite(column.type())
        : column.kind().dataType();
  }
}
