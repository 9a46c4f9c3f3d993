package dev.sluice.extract;

import dev.sluice.config.Config;
import dev.sluice.pipe.PipeSettings;
import dev.sluice.progress.StageProgress;
import dev.sluice.resource.EvaluationContext;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A source's evaluation within an extract: with the pipeline's state, its settings, the
/// checkpoints of a run that was cut off, and people who look.
final class ExtractContext implements EvaluationContext {
  private final String source;
  private final Config config;
  private final Map<String, Object> sourceState;
  private final Checkpoints checkpoints;
  private final StageProgress progress;
  private StageProgress.@Nullable Wait waiting;

  ExtractContext(
      String source,
      Config config,
      Map<String, Object> sourceState,
      Checkpoints checkpoints,
      StageProgress progress) {
    this.source = source;
    this.config = config;
    this.sourceState = sourceState;
    this.checkpoints = checkpoints;
    this.progress = progress;
  }

  @Override
  public Map<String, Object> sourceState() {
    return sourceState;
  }

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

  @Override
  public void waiting(@Nullable String why) {
    if (waiting != null) {
      waiting.close();
    }
    waiting = why == null ? null : progress.waiting(why);
  }
}
