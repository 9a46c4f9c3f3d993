package dev.sluice.load;

import dev.sluice.schema.Schema;
import dev.sluice.schema.SystemTables;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalLong;

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
