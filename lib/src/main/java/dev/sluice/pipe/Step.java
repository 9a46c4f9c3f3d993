package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import org.jspecify.annotations.Nullable;

/// What happens to an element on its way through a pipe; made anew for each evaluation and called
/// by one thread at a time.
@Seam
@FunctionalInterface
public interface Step {
  /// The element to go on with: a row, a page (List), an Iterator or stream of such, a deferred
  /// call; null = none.
  @Nullable Object apply(Object element, Flow flow) throws Exception;

  /// Whether it may end its pipe's generator.
  default boolean closes() {
    return false;
  }

  /// Whether it may keep elements until later ones came.
  default boolean holdsBack() {
    return false;
  }

  /// What is held back, when no more elements come or all must be delivered; null = nothing.
  default @Nullable Object finish() throws Exception {
    return null;
  }

  /// What a step may do to the pipe it is in.
  @Seam
  interface Flow {
    /// Ends the pipe's generator after this element; elements made from earlier ones still come.
    void closeGenerator();
  }
}
