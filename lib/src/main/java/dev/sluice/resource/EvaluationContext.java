package dev.sluice.resource;

import dev.sluice.pipe.PipeSettings;
import dev.sluice.seam.Seam;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an [Evaluation] knows of its run.
@Seam
public interface EvaluationContext {
  /// The state of the source, to be read and changed; that of a resource stands at
  /// `resources.<name>`.
  Map<String, Object> sourceState();

  /// Of the source.
  PipeSettings settings();

  /// Of one resource of it.
  default PipeSettings settings(String resource) {
    return settings();
  }

  /// The token of the last checkpoint, if an evaluation was cut off.
  default Optional<String> resumedAt(String resource) {
    return Optional.empty();
  }

  /// The evaluation has waited for a second, and why; null = it goes on.
  default void waiting(@Nullable String why) {}

  /// A run that leaves nothing behind.
  static EvaluationContext passing(PipeSettings settings) {
    var state = new HashMap<String, Object>();
    return new EvaluationContext() {
      @Override
      public Map<String, Object> sourceState() {
        return state;
      }

      @Override
      public PipeSettings settings() {
        return settings;
      }
    };
  }
}
