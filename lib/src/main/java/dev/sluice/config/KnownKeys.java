package dev.sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The settings that exist, with those of dlt that mean nothing here, so that both tools can share
/// a file.
final class KnownKeys {
  private static final Map<String, Set<String>> BY_SECTION =
      Map.of(
          "data_writer",
              Set.of(
                  "buffer_max_items",
                  "buffer_max_bytes",
                  "file_max_items",
                  "file_max_bytes",
                  "max_file_size",
                  "disable_compression"),
          "extract",
              Set.of(
                  "allow_secrets_in_data",
                  "workers",
                  "worker",
                  "max_parallel_items",
                  "futures_poll_interval",
                  "futures_timeout",
                  "next_item_mode",
                  "copy_on_fork",
                  "lock_timeout"),
          "normalize",
              Set.of(
                  "workers",
                  "start_method",
                  "pool_type",
                  "loader_file_format",
                  "run_sleep",
                  "null_columns_as_text",
                  "promote_types",
                  "parquet_normalizer"),
          "parquet_normalizer", Set.of("add_dlt_load_id", "add_dlt_id"),
          "load",
              Set.of(
                  "workers",
                  "parallelism_strategy",
                  "raise_on_failed_jobs",
                  "raise_on_max_retries",
                  "delete_completed_jobs",
                  "truncate_staging_dataset",
                  "start_new_jobs_on_signal",
                  "auto_abort_on_terminal_error",
                  "lock_timeout",
                  "memory_limit",
                  "threads",
                  "fence",
                  "start_method",
                  "pool_type"),
          "schema",
              Set.of(
                  "naming",
                  "import_schema_path",
                  "export_schema_path",
                  "external_schema_format",
                  "external_schema_format_remove_defaults",
                  "json_normalizer",
                  "allow_identifier_change_on_table_with_data",
                  "use_break_path_on_normalize"),
          "runtime",
              Set.of(
                  "refuse_readable_secrets",
                  "request_max_attempts",
                  "request_backoff_factor",
                  "request_timeout",
                  "request_max_retry_delay",
                  "log_level",
                  "log_format",
                  "dlthub_telemetry",
                  "dlthub_telemetry_endpoint",
                  "intercept_signals",
                  "sentry_dsn",
                  "slack_incoming_hook",
                  "pipeline_name",
                  "dlthub_dsn",
                  "run_id",
                  "http_show_error_body",
                  "http_max_error_body_length",
                  "config_files_storage_path",
                  "dlthub_telemetry_segment_write_key"));

  // Below these a pipeline's own names begin, which may be any.
  private static final Set<String> OWN_NAMES =
      Set.of("destination", "credentials", "storage", "workspace");

  private KnownKeys() {}

  /// What to say about a key in a known section that is none of its settings: nothing, or the
  /// nearest one.
  static Optional<String> suspect(List<String> path) {
    if (path.size() < 2 || path.stream().anyMatch(OWN_NAMES::contains)) {
      return Optional.empty();
    }
    var section = path.get(path.size() - 2);
    var key = path.getLast();
    var known = BY_SECTION.get(section);
    // [sources.load] is a source of that name; only the page's own sections stand right below
    // [sources].
    var belowSources = path.size() >= 3 && path.get(path.size() - 3).equals("sources");
    if (known == null
        || known.contains(key)
        || (belowSources && !section.equals("extract") && !section.equals("data_writer"))) {
      return Optional.empty();
    }
    return Optional.of(
        Nearest.of(key, known).stream()
            .findFirst()
            .map(name -> "; did you mean '" + name + "'?")
            .orElse(""));
  }
}
