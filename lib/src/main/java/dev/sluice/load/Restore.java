package dev.sluice.load;

import dev.sluice.schema.Schema;
import dev.sluice.schema.State;
import dev.sluice.schema.SystemTables;
import dev.sluice.seam.Seam;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/// What a dataset knows about its pipelines: enough to begin again with nothing but the dataset.
///
/// - `exists`: whether the dataset is there at all
/// - `state`: the newest state of this pipeline that belongs to a complete load
/// - `schemas`: the newest version of every schema, by name
@Seam
public record Restore(boolean exists, Optional<StoredState> state, Map<String, Schema> schemas) {
  private static final int MAX_BYTES = 1 << 30;

  /// A row of `_dlt_pipeline_state`: the state without what is local.
  @Seam
  public record StoredState(String loadId, Instant createdAt, State state) {}

  /// Reads a dataset; waits for nobody but another process that has the file open.
  public static Restore of(Target target) {
    if (!target.exists()) return new Restore(false, Optional.empty(), Map.of());
    try (var database = Database.read(target)) {
      var catalog = Catalog.of(database, target.dataset());
      return new Restore(
          catalog.exists(),
          newestState(database, catalog, target.pipeline()),
          schemas(database, catalog));
    } catch (SQLException failed) {
      throw new LoadException(
          "The dataset '"
              + target.dataset()
              + "' at '"
              + target.location()
              + "' cannot be read: "
              + Database.firstLine(String.valueOf(failed.getMessage())),
          false,
          failed);
    }
  }

  private static Optional<StoredState> newestState(
      Database database, Catalog catalog, String pipeline) throws SQLException {
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
                    + " ORDER BY l.load_id DESC, version DESC LIMIT 1")) {
      query.setString(1, pipeline);
      try (var rows = query.executeQuery()) {
        if (!rows.next()) return Optional.empty();
        return Optional.of(
            new StoredState(
                rows.getString(1),
                rows.getObject(2, OffsetDateTime.class).toInstant(),
                State.ofRow(rows.getString(3))));
      }
    }
  }

  private static Map<String, Schema> schemas(Database database, Catalog catalog)
      throws SQLException {
    var schemas = new LinkedHashMap<String, Schema>();
    if (!catalog.has(SystemTables.VERSION)) return schemas;
    try (var statement = database.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT schema_name, schema FROM "
                    + catalog.table(SystemTables.VERSION)
                    + " QUALIFY row_number() OVER (PARTITION BY schema_name ORDER BY inserted_at"
                    + " DESC, version DESC) = 1 ORDER BY schema_name")) {
      while (rows.next()) {
        var name = rows.getString(1);
        schemas.put(name, Schema.read(text(rows.getString(2), "schema '" + name + "'")));
      }
    }
    return schemas;
  }

  /// A schema is stored as it is, or deflated if it is too long for the destination.
  private static byte[] text(String stored, String what) {
    return stored.startsWith("{")
        ? stored.getBytes(StandardCharsets.UTF_8)
        : inflated(stored, what);
  }

  private static byte[] inflated(String base64, String what) {
    try (var stream =
        new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(base64)))) {
      return stream.readNBytes(MAX_BYTES);
    } catch (IOException | IllegalArgumentException damaged) {
      throw new LoadException(
          "The " + what + " at the destination is no deflated base64; it cannot be restored",
          false,
          damaged);
    }
  }
}
