package dev.sluice.config;

import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The places to look at, opened once for all views, and what was found in them.
final class Places {
  /// What this process was warned of: each pipeline, and whoever asks for a setting, reads anew.
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  /// What was handed out as a secret, by settings folder: a script asks by another config than its
  /// pipeline does.
  private static final Map<Path, SecretTexts> HANDED_OUT = new ConcurrentHashMap<>();

  private final Map<String, String> environment;
  private final Path workingFolder;
  private final @Nullable ClassLoader classPath;
  private final Map<String, Config.Lookup> lookups = new LinkedHashMap<>();
  private final SecretTexts secrets = new SecretTexts();
  private final SecretTexts shared;
  private @Nullable List<Provider> providers;

  Places(Map<String, String> environment, Path workingFolder, @Nullable ClassLoader classPath) {
    this.environment = Map.copyOf(environment);
    this.workingFolder = workingFolder;
    this.classPath = classPath;
    this.shared =
        HANDED_OUT.computeIfAbsent(
            settingsFolder().toAbsolutePath().normalize(), folder -> new SecretTexts());
  }

  /// The same places, read anew, where nothing was found yet.
  Places again() {
    return new Places(environment, workingFolder, classPath);
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
      checkPrivate(settingsFolder().resolve("secrets.toml"));
      var logger = System.getLogger(Config.class.getName());
      found.stream()
          .flatMap(provider ->
              Stream.concat(provider.unknownKeys().stream(), provider.keysWithoutEffect().stream()))
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

  /// A value that is given away as a [Secret].
  void handOut(String key, Object value) {
    synchronized (shared) {
      shared.handOut(key, value);
    }
  }

  synchronized String masked(String text) {
    if (providers != null) { // what was not read yet is in no message
      providers.stream()
          .filter(Provider::secret)
          .forEach(provider -> secrets.add("", provider.at(List.of()).orElse(null)));
    }
    var masked = secrets.masked(text);
    synchronized (shared) {
      masked = shared.masked(masked);
    }
    return Masking.telling(masked);
  }

  /// Secrets of at least so many characters that were handed out so far, with their settings' keys.
  Map<String, String> handedOut(int length) {
    synchronized (shared) {
      var known = new LinkedHashMap<>(shared.handedOut());
      known.keySet().removeIf(secret -> secret.length() < length);
      return known;
    }
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
      return Optional.of(TomlFile.parse(name, secret, TomlFile.text(path)));
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

  /// Warns, once in a process, of secrets that others on this machine can read.
  private void checkPrivate(Path place) {
    var file = place.toAbsolutePath().normalize(); // one file, by whichever path it is reached
    if (!readableByOthers(file)) {
      return;
    }
    var refused = Config.ofFound(this).get(KnownSettings.REFUSE_READABLE_SECRETS);
    var told = "Others on this machine can read '" + file + "'; run: chmod 600 " + file;
    if (refused) {
      providers = null;
      throw new IllegalStateException(told + ", or set runtime.refuse_readable_secrets = false");
    }
    if (SAID.add(told)) {
      System.getLogger(Config.class.getName()).log(System.Logger.Level.WARNING, told);
    }
  }

  private static boolean readableByOthers(Path file) {
    try {
      var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      return view != null
          && Files.exists(file)
          && view.readAttributes().permissions().stream()
              .anyMatch(permission ->
                  permission == PosixFilePermission.GROUP_READ
                      || permission == PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false; // it was just read, so nothing is wrong with it but that nobody can tell
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
