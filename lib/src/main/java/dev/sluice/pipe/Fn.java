package dev.sluice.pipe;

/// A function that may throw.
///
/// ```java
/// Fn<Integer, Details> details = id -> detailsOf(id);
/// ```
@FunctionalInterface
public interface Fn<A, B> {
  /// The result; where a row is expected, null means none.
  B apply(A argument) throws Exception;
}
