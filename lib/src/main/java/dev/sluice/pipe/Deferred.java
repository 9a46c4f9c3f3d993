package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A function whose calls run beside the extraction, many at a time.
///
/// ```java
/// var details = items.transform("details", defer(id -> fetch(id)));     // in the thread pool
/// var later   = items.transform("later", async(id -> fetch(id)));       // a virtual thread each
/// var soon    = items.transform("soon", future(id -> client.get(id)));  // a CompletionStage
/// ```
///
/// At most `extract.max_parallel_items` (20) calls are queued or running. The first that fails ends
/// the extraction. A stream that a call returns is read by the extraction's own thread.
@SuppressWarnings("UnusedTypeParameter") // B is the row of the resource that it makes
public final class Deferred<A, B> {
  /// Where a call runs.
  enum Place {
    POOL,
    VIRTUAL_THREAD,
    ELSEWHERE
  }

  private final Place place;
  private final Fn<? super A, ?> function;

  private Deferred(Place place, Fn<? super A, ?> function) {
    this.place = place;
    this.function = function;
  }

  /// Runs in the thread pool of `extract.workers` (5) threads.
  public static <A, B> Deferred<A, B> of(Fn<A, B> function) {
    return new Deferred<>(Place.POOL, function);
  }

  /// Runs in the thread pool of `extract.workers` (5) threads.
  public static <A, B> Deferred<A, B> defer(Fn<A, B> function) {
    return of(function);
  }

  /// Runs in a virtual thread of its own.
  public static <A, B> Deferred<A, B> async(Fn<A, B> function) {
    return new Deferred<>(Place.VIRTUAL_THREAD, function);
  }

  /// Runs wherever the function has it run; it returns at once.
  public static <A, B> Deferred<A, B> future(
      Fn<A, ? extends CompletionStage<? extends B>> function) {
    return new Deferred<>(Place.ELSEWHERE, function);
  }

  /// The call for one row: an element for the engine.
  @Seam
  public Object call(@Nullable A argument) {
    return new Call(place, () -> apply(argument), argument);
  }

  @SuppressWarnings("NullAway") // the argument is null only if the caller's rows may be
  private @Nullable Object apply(@Nullable A argument) throws Exception {
    return function.apply(argument);
  }
}
