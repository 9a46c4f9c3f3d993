package dev.sluice.conformance;

import dev.sluice.conformance.Expectation.Failure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Makes the runs of a case: Sluice, or dlt to check the comparing itself.
public interface Engine extends AutoCloseable {
  /// What a run tells by itself; the rest is looked up.
  record Answer(Optional<Failure> error, Map<String, Long> pulled) {}

  /// Makes one run of a case with a new pipeline `conformance`, its working directories below
  /// `folder/pipelines`, into the dataset `data` of `folder/conformance.duckdb`. A failed run
  /// leaves no pending package.
  Answer run(Case recorded, int run, Path folder) throws Exception;

  @Override
  default void close() {}
}
