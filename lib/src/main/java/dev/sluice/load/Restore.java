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
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.InflaterInputStream;

/// What a dataset knows about its pipelines: enough to begin again with nothing but the dataset.
///
/// - `exists`: whether the dataset is there at all
/// - `state`: the newest state of this pipeline that belongs to a complete load
/// - `schemas`: the newest version of every schema, by name
/// - `loads`: of the load ids that were asked for, those that are complete there
/// - `newestLoad`: the highest load id of all
@Seam
public record Restore(
    boolean exists,
    Optional<StoredState> state,
    Map<String, Schema> schemas,
    Set<String> loads,
    Optional<String> newestLoad) {
  private static final int MAX_BYTES = 1 << 30;

  /// A row of `_dlt_pipeline_state`: the state without what is local.
  @Seam
  public record StoredState(String loadId, Instant createdAt, State state) {}

  /// Reads a dataset; waits for nobody but another process that has the file open.
  public static Restore of(Target target) {
    return of(target, List.of());
  }

  /// The same, and which of these loads are complete there.
  public static Restore of(Target target, Collection<String> loadIds) {
    if (!target.exists())
      return new Restore(false, Optional.empty(), Map.of(), Set.of(), Optional.empty());
    try (var database = Database.read(target)) {
      var catalog = Catalog.of(database, target.dataset());
      var rows = new SystemRows(database, catalog);
      return new Restore(
          catalog.exists(),
          rows.newestState(target.pipeline()),
          schemas(database, catalog),
          rows.complete(loadIds),
          rows.newestLoad());
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

  private static Map<String, Schema> schemas(Database database, Catalog catalog)
      throws SQLException {
    var schemas = new LinkedHashMap<String, Schema>();
    if (!catalog.has(SystemTables.VERSION)) return schemas;
    try (var statement = database.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT schema_name, schema FROM "
                    + catalog.table(SystemTables.VERSION)
                    + " QUALIFY row_number() OVER (PARTITION BY schema_name ORDER BY version"
                    + " DESC, inserted_at DESC) = 1 ORDER BY schema_name")) {
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
