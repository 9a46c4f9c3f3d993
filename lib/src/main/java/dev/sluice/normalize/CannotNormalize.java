package dev.sluice.normalize;

import org.jspecify.annotations.Nullable;

/// A package cannot be normalized: the message says which file and row, which value, and what to do
/// next.
final class CannotNormalize extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotNormalize(String message) {
    this(message, null);
  }

  CannotNormalize(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The same refusal with the place it happened at.
  CannotNormalize at(String place) {
    return new CannotNormalize(getMessage() + " (" + place + ")", getCause());
  }
}
