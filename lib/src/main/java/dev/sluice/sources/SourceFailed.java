package dev.sluice.sources;

import org.jspecify.annotations.Nullable;

/// A source could not be read; the message says which, where, why and what to do.
final class SourceFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  SourceFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  SourceFailed(String message) {
    this(message, null);
  }
}
