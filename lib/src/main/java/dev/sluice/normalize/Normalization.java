package dev.sluice.normalize;

import dev.sluice.config.Config;
import dev.sluice.progress.Progress;
import dev.sluice.progress.StageProgress;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.seam.Seam;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Stage two: extracted packages become normalized ones, in the order of their load ids.
///
/// A package is normalized whole or not at all; one that was begun is begun anew.
@Seam
public final class Normalization {
  private final WorkingDirectory directory;
  private final NormalizeSettings settings;
  private final Progress progress;
  private final InstantSource clock;
  private final RandomGenerator random;

  private Normalization(
      WorkingDirectory directory,
      NormalizeSettings settings,
      Progress progress,
      InstantSource clock,
      RandomGenerator random) {
    this.directory = directory;
    this.settings = settings;
    this.progress = progress;
    this.clock = clock;
    this.random = random;
  }

  /// With the settings that the config has for this pipeline.
  public static Normalization of(
      WorkingDirectory directory,
      Config config,
      Progress progress,
      InstantSource clock,
      RandomGenerator random) {
    return new Normalization(directory, NormalizeSettings.of(config), progress, clock, random);
  }

  static Normalization of(
      WorkingDirectory directory,
      NormalizeSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    return new Normalization(directory, settings, Progress.none(), clock, random);
  }

  /// The same with another format of load files, for tables that have none of their own.
  public Normalization format(LoadFileFormat format) {
    return new Normalization(directory, settings.format(format), progress, clock, random);
  }

  /// The same with so many files normalized at once.
  public Normalization workers(int count) {
    return new Normalization(directory, settings.workers(count), progress, clock, random);
  }

  /// Normalizes every extracted package. One that fails stays extracted, and those after it too.
  public NormalizeInfo run() {
    return run(directory.folder().packages(Stage.EXTRACTED));
  }

  /// Normalizes one extracted package.
  public NormalizeInfo run(StoredPackage extracted) {
    return run(List.of(extracted));
  }

  private NormalizeInfo run(List<StoredPackage> extracted) {
    var done = new ArrayList<NormalizeInfo.NormalizedPackage>();
    var pipeline = directory.folder().name();
    try (var stage = StageProgress.start(progress, pipeline, "normalize")) {
      for (var one : extracted) {
        Optional<NormalizeInfo.NormalizedPackage> normalized =
            new PackageNormalizer(directory, one, settings, stage, clock, random).run();
        normalized.ifPresent(done::add);
      }
    }
    return new NormalizeInfo(pipeline, List.copyOf(done));
  }
}
