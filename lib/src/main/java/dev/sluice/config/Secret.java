package dev.sluice.config;

import java.util.Objects;

/// A value nobody should see in a log, a trace or a notebook: it prints as `***`.
///
/// ```java
/// var token = secret("sources.shop.api_key");
/// request.header("Authorization", "Bearer " + token.reveal());
/// ```
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /// Hides a value that came from elsewhere than the config.
  public static Secret of(String value) {
    return new Secret(value);
  }

  /// The value itself, for the one place that sends it.
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
