package dev.sluice.resource;

import dev.sluice.pipe.ReadyFile;
import dev.sluice.seam.Seam;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who takes the rows of an [Evaluation]; called by one thread at a time.
@Seam
public interface Sink {
  /// A page of rows, or one row alone.
  ///
  /// - `resource`: the one of the source that is evaluated
  /// - `table`: the name that the generator gave; null = as the resource's hints say
  void rows(Resource<?> resource, List<?> rows, @Nullable String table) throws Exception;

  /// A file in place of rows of the resource's own table.
  ///
  /// - returns false if its rows must come instead
  default boolean file(Resource<?> resource, ReadyFile file) throws Exception {
    return false;
  }

  /// All rows that a resource made before this token, and the rows made from them, were given to
  /// [#rows]. Both or none must be kept: after a resume neither comes again.
  ///
  /// - `resources`: the one that asked, then the transformers that it feeds
  /// - `stateSnapshot`: the state of the source as of now
  void checkpoint(List<Resource<?>> resources, String token, Map<String, Object> stateSnapshot)
      throws Exception;
}
