package dev.sluice;

import dev.sluice.config.Config;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// What a pipeline finds around it: variables, the working folder, a clock, chance, and where
/// people look.
record Surroundings(
    Map<String, String> environment,
    Path workingFolder,
    InstantSource clock,
    RandomGenerator random,
    PrintStream out) {
  /// Those of this process.
  static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        InstantSource.system(),
        RandomGeneratorFactory.of("L64X128MixRandom").create(new SecureRandom().nextLong()),
        System.err);
  }

  /// The settings that are found here.
  Config config() {
    return Config.of(environment, workingFolder, Thread.currentThread().getContextClassLoader());
  }
}
