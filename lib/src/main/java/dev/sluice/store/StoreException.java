package dev.sluice.store;

import dev.sluice.seam.IoFault;
import dev.sluice.seam.Seam;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The working directory cannot do what was asked: the message says what, where and what next.
@Seam
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryMayCure;

  public StoreException(String message, boolean retryMayCure, @Nullable Throwable cause) {
    super(message, cause);
    this.retryMayCure = retryMayCure;
  }

  /// True if the same call may succeed later without anybody changing anything (a lock, for
  /// example).
  public boolean retryMayCure() {
    return retryMayCure;
  }

  static StoreException refused(String message) {
    return new StoreException(message, false, null);
  }

  static StoreException io(String action, Object where, IOException cause) {
    return io(action, where, cause, where);
  }

  /// - `known`: a path that the message need not name, besides `where`
  static StoreException io(String action, Object where, IOException cause, Object known) {
    return new StoreException(
        "Cannot " + action + " '" + where + "': " + IoFault.said(cause, known),
        IoFault.passes(cause),
        cause);
  }
}
