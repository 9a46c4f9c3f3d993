package dev.sluice.pipe;

/// Code that pushes rows and pages out, one after the other.
///
/// ```java
/// var table = resource("table", out -> {
///   for (int start = 0; start < 1_000_000; start += 1_000) out.page(rows(start, 1_000));
/// });
/// ```
@FunctionalInterface
public interface Generator<T> {
  /// Pushes all rows; a call of `out` returns when the row's turn is over, and never if nobody
  /// wants more.
  void run(Out<T> out) throws Exception;
}
