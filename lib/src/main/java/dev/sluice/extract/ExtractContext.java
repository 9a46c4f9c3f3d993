package dev.sluice.extract;

import dev.sluice.config.Config;
import dev.sluice.pipe.PipeSettings;
import dev.sluice.resource.EvaluationContext;
import java.util.Map;
import java.util.Optional;

/// A source's evaluation within an extract: with the pipeline's state, its settings, and the
/// checkpoints of a run that was cut off.
record ExtractContext(
    String source, Config config, Map<String, Object> sourceState, Checkpoints checkpoints)
    implements EvaluationContext {
  @Override
  public PipeSettings settings() {
    return PipeSettings.of(config, source, null);
  }

  @Override
  public PipeSettings settings(String resource) {
    return PipeSettings.of(config, source, resource);
  }

  @Override
  public Optional<String> resumedAt(String resource) {
    return checkpoints.token(resource);
  }
}
