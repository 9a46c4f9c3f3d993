package dev.sluice;

import dev.sluice.config.Config;
import dev.sluice.load.Destination;
import dev.sluice.progress.Progress;
import dev.sluice.schema.SchemaContract;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Everything that a script says about a pipeline before it runs. Copied for each change.
final class Declared implements Cloneable {
  final String name;
  Config config;
  @Nullable Destination destination;
  @Nullable String datasetName;
  boolean devMode;
  Pipeline.@Nullable Refresh refresh;
  Pipeline.@Nullable Rewound rewound;
  @Nullable Progress progress;
  @Nullable Consumer<Progress.Event> listener;
  @Nullable Path pipelinesDir;
  @Nullable SchemaContract contract;
  @Nullable Path importSchemas;
  @Nullable Path exportSchemas;

  Declared(String name, Config config) {
    this.name = name;
    this.config = config.pipeline(name);
  }

  Declared with(Consumer<Declared> change) {
    try {
      var copy = (Declared) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
