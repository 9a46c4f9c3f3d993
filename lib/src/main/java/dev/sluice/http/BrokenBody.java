package dev.sluice.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A body that is not what it should be; another attempt may bring a whole one.
final class BrokenBody extends IOException {
  private static final long serialVersionUID = 1L;

  BrokenBody(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
