package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import org.jspecify.annotations.Nullable;

/// An extraction that failed: the message names the resource, what it was at, and the cause.
@Seam
public final class PipeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String resource;

  /// The resource is that in which it failed.
  public PipeException(String resource, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.resource = resource;
  }

  /// The resource in which it failed.
  public String resource() {
    return resource;
  }
}
