package dev.sluice.http;

import java.io.IOException;

/// A body over its limit; another attempt would bring the same.
final class TooLarge extends IOException {
  private static final long serialVersionUID = 1L;

  TooLarge(String message) {
    super(message);
  }
}
