package dev.sluice.load;

import dev.sluice.schema.Schema;
import dev.sluice.schema.State;
import dev.sluice.schema.SystemTables;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The rows that dlt keeps about loads and schemas at a destination.
final class SystemRows {
  private final Database database;
  private final Catalog catalog;

  SystemRows(Database database, Catalog catalog) {
    this.database = database;
    this.catalog = catalog;
  }

  /// The status of a load; empty if the destination does not know it.
  OptionalLong status(String loadId) throws SQLException {
    if (!catalog.has(SystemTables.LOADS)) return OptionalLong.empty();
    try (var query =
        database
            .connection()
            .prepareStatement(
                "SELECT status FROM "
                    + catalog.table(SystemTables.LOADS)
                    + " WHERE load_id = ? ORDER BY status")) {
      query.setString(1, loadId);
      try (var rows = query.executeQuery()) {
        return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  /// When a load was completed, in the words of its row; empty if the destination does not know it.
  Optional<Instant> loadedAt(String loadId) throws SQLException {
    if (!catalog.has(SystemTables.LOADS)) return Optional.empty();
    try (var query =
        database
            .connection()
            .prepareStatement(
                "SELECT inserted_at FROM "
                    + catalog.table(SystemTables.LOADS)
                    + " WHERE load_id = ? ORDER BY status")) {
      query.setString(1, loadId);
      try (var rows = query.executeQuery()) {
        return rows.next()
            ? Optional.of(rows.getObject(1, OffsetDateTime.class).toInstant())
            : Optional.empty();
      }
    }
  }

  /// Which of these loads are complete.
  Set<String> complete(Collection<String> loadIds) throws SQLException {
    var found = new HashSet<String>();
    if (loadIds.isEmpty() || !catalog.has(SystemTables.LOADS)) return found;
    try (var statement = database.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT DISTINCT load_id FROM "
                    + catalog.table(SystemTables.LOADS)
                    + " WHERE status = 0 AND load_id IN ("
                    + loadIds.stream().map(Literal::text).collect(Collectors.joining(", "))
                    + ")")) {
      while (rows.next()) found.add(rows.getString(1));
    }
    return found;
  }

  /// The highest load id of the dataset, of whichever pipeline and status.
  Optional<String> newestLoad() throws SQLException {
    if (!catalog.has(SystemTables.LOADS)) return Optional.empty();
    return Optional.ofNullable(
        database.text(
            "SELECT load_id FROM "
                + catalog.table(SystemTables.LOADS)
                + " ORDER BY try_cast(load_id AS DECIMAL(38, 12)) DESC NULLS LAST, load_id DESC"
                + " LIMIT 1"));
  }

  /// The newest state of a pipeline that belongs to a complete load: that of the highest version.
  /// Load ids are the clock's, and clocks are set back.
  Optional<Restore.StoredState> newestState(String pipeline) throws SQLException {
    if (!catalog.has(SystemTables.STATE) || !catalog.has(SystemTables.LOADS))
      return Optional.empty();
    try (var query =
        database
            .connection()
            .prepareStatement(
                "SELECT s._dlt_load_id, created_at, state FROM "
                    + catalog.table(SystemTables.STATE)
                    + " s JOIN "
                    + catalog.table(SystemTables.LOADS)
                    + " l ON l.load_id = s._dlt_load_id WHERE pipeline_name = ? AND l.status = 0"
                    + " ORDER BY version DESC, l.load_id DESC, created_at DESC LIMIT 1")) {
      query.setString(1, pipeline);
      try (var rows = query.executeQuery()) {
        if (!rows.next()) return Optional.empty();
        return Optional.of(
            new Restore.StoredState(
                rows.getString(1),
                rows.getObject(2, OffsetDateTime.class).toInstant(),
                State.ofRow(rows.getString(3))));
      }
    }
  }

  /// Forgets all versions of a schema, as dlt does before tables of it are dropped.
  void forget(Schema schema) throws SQLException {
    if (!catalog.has(SystemTables.VERSION)) return;
    try (var delete =
        database
            .connection()
            .prepareStatement(
                "DELETE FROM " + catalog.table(SystemTables.VERSION) + " WHERE schema_name = ?")) {
      delete.setString(1, schema.name());
      delete.executeUpdate();
    }
  }

  /// Stores the schema unless its hash is there.
  void version(Schema schema, byte[] text, Instant now) throws SQLException {
    var table = catalog.table(SystemTables.VERSION);
    try (var insert =
        database
            .connection()
            .prepareStatement(
                "INSERT INTO "
                    + table
                    + " (version, engine_version, inserted_at, schema_name, version_hash, schema)"
                    + " SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (FROM "
                    + table
                    + " WHERE version_hash = ?)")) {
      insert.setLong(1, schema.version());
      insert.setLong(2, Schema.ENGINE_VERSION);
      insert.setObject(3, now.atOffset(ZoneOffset.UTC));
      insert.setString(4, schema.name());
      insert.setString(5, schema.versionHash());
      insert.setString(6, new String(text, StandardCharsets.UTF_8));
      insert.setString(7, schema.versionHash());
      insert.executeUpdate();
    }
  }

  /// Says that a load is complete.
  void loaded(String loadId, Schema schema, Instant now) throws SQLException {
    var table = catalog.table(SystemTables.LOADS);
    try (var delete =
        database.connection().prepareStatement("DELETE FROM " + table + " WHERE load_id = ?")) {
      delete.setString(1, loadId); // of a load that was undone
      delete.executeUpdate();
    }
    try (var insert =
        database
            .connection()
            .prepareStatement(
                "INSERT INTO "
                    + table
                    + " (load_id, schema_name, status, inserted_at, schema_version_hash) VALUES (?,"
                    + " ?, 0, ?, ?)")) {
      insert.setString(1, loadId);
      insert.setString(2, schema.name());
      insert.setObject(3, now.atOffset(ZoneOffset.UTC));
      insert.setString(4, schema.versionHash());
      insert.executeUpdate();
    }
  }
}
