package dev.sluice.schema;

import dev.sluice.seam.Seam;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tables that dlt keeps about itself at a destination, as dlt declares them.
@Seam
public final class SystemTables {
  /// One row for each schema version.
  public static final String VERSION = "_dlt_version";

  /// One row for each complete load.
  public static final String LOADS = "_dlt_loads";

  /// One row for each pipeline state.
  public static final String STATE = "_dlt_pipeline_state";

  private SystemTables() {}

  static TableSchema version() {
    return table(
        VERSION,
        "skip",
        "Created by DLT. Tracks schema updates",
        required(
            "version",
            DataType.BIGINT,
            "Numeric version of the schema, incremented on each schema change"),
        required(
            "engine_version",
            DataType.BIGINT,
            "Version of the dlt schema engine that created this schema"),
        required(
            "inserted_at", DataType.TIMESTAMP, "Timestamp when this schema version was stored"),
        required("schema_name", DataType.TEXT, "Name of the schema"),
        required(
            "version_hash",
            DataType.TEXT,
            "Unique hash of the schema content, used to detect changes"),
        required("schema", DataType.TEXT, "JSON representation of the complete schema definition"));
  }

  static TableSchema loads() {
    return table(
        LOADS,
        "skip",
        "Created by DLT. Tracks completed loads",
        required("load_id", DataType.TEXT, "Unique identifier of the load operation").precision(64),
        optional("schema_name", DataType.TEXT, "Name of the schema associated with this load"),
        required("status", DataType.BIGINT, "Status of the load operation (0 = success)"),
        required("inserted_at", DataType.TIMESTAMP, "Timestamp when the load was completed"),
        optional(
            "schema_version_hash",
            DataType.TEXT,
            "Hash of the schema version used during this load"));
  }

  /// The state table as extract declares it, without a row id.
  public static TableSchema state() {
    return table(
            STATE,
            "append",
            null,
            required("version", DataType.BIGINT, "Numeric version of the pipeline state"),
            required("engine_version", DataType.BIGINT, "Version of the dlt state engine"),
            required("pipeline_name", DataType.TEXT, "Name of the pipeline this state belongs to"),
            required(
                "state", DataType.TEXT, "Compressed JSON representation of the pipeline state"),
            required("created_at", DataType.TIMESTAMP, "Timestamp when this state was created"),
            optional(
                "version_hash", DataType.TEXT, "Hash of the state content, used to detect changes"),
            required(
                    "_dlt_load_id",
                    DataType.TEXT,
                    "Load identifier linking this row to its load operation")
                .precision(64))
        .with("file_format", "preferred");
  }

  private static TableSchema table(
      String name, String disposition, @Nullable String description, ColumnSchema... columns) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("write_disposition", disposition);
    properties.put("resource", name);
    if (description != null) properties.put("description", description);
    return TableSchema.of(name, properties, List.of(columns));
  }

  private static ColumnSchema required(String name, DataType type, String description) {
    return ColumnSchema.of(name, type).with("nullable", false).with("description", description);
  }

  private static ColumnSchema optional(String name, DataType type, String description) {
    return ColumnSchema.of(name, type).with("nullable", true).with("description", description);
  }
}
