package dev.sluice.pipe;

/// Rows as an Iterable, opened anew for each run.
///
/// ```java
/// var users = resource("users", () -> List.of(new User(1, "Ada")));
/// ```
@FunctionalInterface
public interface Items<T> {
  /// Opens the rows. An element may also be a page (a List of rows), a nested Iterator or stream,
  /// or null (nothing yet: another resource has its turn).
  Iterable<? extends T> open() throws Exception;
}
