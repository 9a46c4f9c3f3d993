package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import org.jspecify.annotations.Nullable;

/// Who takes the elements at the end of the pipes; called by one thread at a time.
@Seam
public interface Delivery {
  /// A row, or a page (List) of rows.
  ///
  /// - `table`: named by the generator; null = the resource's
  void element(Pipe pipe, Object element, @Nullable String table) throws Exception;

  /// A file in place of rows of the resource's table.
  ///
  /// - returns false if its rows must come instead
  default boolean file(Pipe pipe, ReadyFile file) throws Exception {
    return false;
  }

  /// All that the head made before the token is delivered.
  void checkpoint(Pipe pipe, String token) throws Exception;

  /// Something is waited for, or (null) no longer.
  default void waiting(@Nullable String why) {}
}
