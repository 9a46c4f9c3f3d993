package dev.sluice.sources;

import dev.sluice.config.Masking;
import org.jspecify.annotations.Nullable;

/// A source could not be read; the message says which, where, why and what to do. Neither it nor a
/// cause says a password, whatever a driver says.
final class SourceFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  SourceFailed(String message, @Nullable Throwable cause) {
    super(Masking.telling(message), cause == null ? null : Masking.chain(cause, Masking::telling));
  }

  SourceFailed(String message) {
    this(message, null);
  }
}
