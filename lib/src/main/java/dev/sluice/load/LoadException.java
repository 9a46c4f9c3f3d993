package dev.sluice.load;

import dev.sluice.seam.Seam;
import org.jspecify.annotations.Nullable;

/// A package cannot be loaded, or a destination not be used: the message says what, where and what
/// next. Nothing was changed at the destination.
@Seam
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryMayCure;

  LoadException(String message) {
    this(message, false, null);
  }

  LoadException(String message, boolean retryMayCure, @Nullable Throwable cause) {
    super(message, cause);
    this.retryMayCure = retryMayCure;
  }

  /// True if the same call may succeed later without anybody changing anything (a file that another
  /// process holds, for example).
  public boolean retryMayCure() {
    return retryMayCure;
  }
}
