package dev.sluice.config;

import java.util.List;
import java.util.Optional;

/// A place where settings are looked for.
interface Provider {
  /// As the trace calls it: `environment`, `.dlt/secrets.toml`.
  String name();

  /// Whether everything in it is a secret.
  default boolean secret() {
    return false;
  }

  /// Whether secrets may stand in it.
  default boolean holdsSecrets() {
    return true;
  }

  /// The raw value at exactly this path of sections and key.
  Optional<Object> at(List<String> path);

  /// How a person writes this path here: `EXTRACT__WORKERS`, `[extract] workers`.
  String spell(List<String> path);

  /// Keys that look like settings of ours and are not.
  List<String> unknownKeys();

  /// Settings of dlt that do nothing here, each with the reason.
  List<String> keysWithoutEffect();
}
