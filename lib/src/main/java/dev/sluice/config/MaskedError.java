package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/// Stands for an error that said a secret: prints its type's name, its message with `***` for the
/// secret, its stack trace.
final class MaskedError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String said;

  MaskedError(Throwable error, String said, @Nullable Throwable cause) {
    super(message(error, said), cause);
    this.said = said;
    setStackTrace(error.getStackTrace());
  }

  /// What an error prints: its type and its message.
  static String said(Throwable error) {
    return String.valueOf(error);
  }

  private static String message(Throwable error, String said) {
    var type = error.getClass().getName() + ": ";
    return said.startsWith(type) ? said.substring(type.length()) : said;
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // the name of the type that it stands for
  public String toString() {
    return said;
  }
}
