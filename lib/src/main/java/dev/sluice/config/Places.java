package dev.sluice.config;

import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The places to look at, opened once for all views, and what was found in them.
final class Places {
  /// What this process was warned of: each pipeline, and whoever asks for a setting, reads anew.
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private final Map<String, String> environment;
  private final Path workingFolder;
  private final @Nullable ClassLoader classPath;
  private final Map<String, Config.Lookup> lookups = new LinkedHashMap<>();
  private final SecretTexts secrets = new SecretTexts();
  private @Nullable List<Provider> providers;

  Places(Map<String, String> environment, Path workingFolder, @Nullable ClassLoader classPath) {
    this.environment = Map.copyOf(environment);
    this.workingFolder = workingFolder;
    this.classPath = classPath;
  }

  Path settingsFolder() {
    return workingFolder
        .resolve(environment.getOrDefault("DLT_PROJECT_DIR", ""))
        .resolve(environment.getOrDefault("DLT_CONFIG_FOLDER", ".dlt"));
  }

  Path dataFolder() {
    var moved = environment.get("DLT_DATA_DIR");
    return moved == null ? settingsFolder() : workingFolder.resolve(moved);
  }

  synchronized List<Provider> providers() {
    if (providers == null) {
      var found = new ArrayList<Provider>();
      found.add(new Environment(environment));
      file("secrets.toml", true).ifPresent(found::add);
      file("config.toml", false).ifPresent(found::add);
      resource().ifPresent(found::add);
      providers = List.copyOf(found);
      var logger = System.getLogger(Config.class.getName());
      found.stream()
          .flatMap(provider -> provider.unknownKeys().stream())
          .filter(SAID::add)
          .forEach(warning -> logger.log(System.Logger.Level.WARNING, warning));
    }
    return providers;
  }

  synchronized void remember(Config.Lookup lookup) {
    lookups.putIfAbsent(lookup.provider() + ':' + lookup.key(), lookup);
  }

  synchronized void hide(String key, Object value) {
    secrets.add(key, value);
  }

  synchronized String masked(String text) {
    if (providers != null) { // what was not read yet is in no message
      providers.stream()
          .filter(Provider::secret)
          .forEach(provider -> secrets.add("", provider.at(List.of()).orElse(null)));
    }
    return secrets.masked(text);
  }

  synchronized List<Config.Lookup> lookups() {
    return List.copyOf(lookups.values());
  }

  private Optional<Provider> file(String fileName, boolean secret) {
    var path = settingsFolder().resolve(fileName);
    var name = path.toString();
    if (!Files.exists(path)) {
      return Optional.of(new TomlFile(name + " (no such file)", secret, Map.of()));
    }
    try {
      return Optional.of(TomlFile.parse(name, secret, Files.readString(path)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "Cannot read "
              + name
              + ": "
              + IoFault.said(unreadable, path)
              + "; make it readable UTF-8 text",
          unreadable);
    }
  }

  private Optional<Provider> resource() {
    if (classPath == null) {
      return Optional.empty();
    }
    try (var in = classPath.getResourceAsStream("dlt/config.toml")) {
      return in == null
          ? Optional.empty()
          : Optional.of(
              TomlFile.parse(
                  "dlt/config.toml on the class path",
                  false,
                  new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException("Cannot read dlt/config.toml on the class path", unreadable);
    }
  }
}
