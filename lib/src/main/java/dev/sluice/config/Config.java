package dev.sluice.config;

import dev.sluice.seam.IoFault;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds settings and secrets, and remembers where each came from.
///
/// ```java
/// var config = Config.of(System.getenv(), Path.of(""), getClass().getClassLoader()).pipeline("shop");
/// int workers = config.at("sources", "zendesk", "tickets").find(Integer.class, "extract.workers").orElse(5);
/// Secret token = config.secret("sources.zendesk.api_key");
/// ```
///
/// What a script sets itself ([#set(String, Object)]) stands above all. Then it is looked for in
/// this order, first with the pipeline's name in front and then without:
/// 1. environment variables, `SOURCES__ZENDESK__API_KEY`
/// 2. `.dlt/secrets.toml` of the working folder
/// 3. `.dlt/config.toml` of the working folder
/// 4. `dlt/config.toml` on the class path
///
/// In each of them all sections are tried first, and then the right-most of [#at(String...)] is
/// dropped again and again; sections within the key (`extract.workers`) stay. `DLT_PROJECT_DIR`
/// moves the working folder, `DLT_CONFIG_FOLDER` renames `.dlt`, `DLT_DATA_DIR` moves the folder of
/// the pipelines.
///
/// Types: String, Integer, Long, Double, Boolean, Duration (a number of seconds), enums (any case)
/// and [Secret]. A value of another type is an IllegalArgumentException that names file, key, value
/// and type.
public final class Config {
  /// A setting that was found: its key with all sections, its value (`***` if it is secret), and
  /// where.
  public record Lookup(String key, String value, String provider) {}

  private final Places places;
  private final @Nullable String pipeline;
  private final List<List<String>> ladders;
  private final OwnSettings own;

  private Config(
      Places places, @Nullable String pipeline, List<List<String>> ladders, OwnSettings own) {
    this.places = places;
    this.pipeline = pipeline;
    this.ladders = ladders;
    this.own = own;
  }

  /// Reads nothing yet; the files are read when the first setting is looked for.
  public static Config of(
      Map<String, String> environment, Path workingFolder, @Nullable ClassLoader classPath) {
    return new Config(
        new Places(environment, workingFolder, classPath),
        null,
        List.of(List.of()),
        OwnSettings.NONE);
  }

  /// What is found in places that are open already.
  static Config ofFound(Places places) {
    return new Config(places, null, List.of(List.of()), OwnSettings.NONE);
  }

  /// The same settings, seen by a pipeline: those below its name come first.
  public Config pipeline(String name) {
    return new Config(places, name, ladders, own);
  }

  /// The same settings with one that a script sets itself: it stands above all places.
  ///
  /// - `key`: with its sections, `load.workers`
  public Config set(String key, Object value) {
    return new Config(places, pipeline, ladders, own.with(key, value));
  }

  /// The same settings, looked for in these sections, then in all but the last of them, and so on.
  public Config at(String... sections) {
    return new Config(places, pipeline, List.of(List.of(sections)), own);
  }

  /// Other sections to try after those of [#at(String...)], before none at all.
  public Config orAt(String... sections) {
    var more = new ArrayList<>(ladders);
    more.add(List.of(sections));
    return new Config(places, pipeline, List.copyOf(more), own);
  }

  /// The setting, if it stands anywhere; `sections` are short for [#at(String...)].
  public <T> Optional<T> find(Class<T> type, String key, String... sections) {
    if (sections.length > 0) {
      return at(sections).find(type, key);
    }
    var steps = steps(key);
    for (var step : steps) {
      for (var path : KnownSettings.spellings(step)) {
        var value = own.at(path);
        if (value.isPresent()) {
          return Optional.of(taken(type, own, path, value.get()));
        }
      }
    }
    for (var prefix : prefixes()) {
      for (var provider : places.providers()) {
        for (var step : steps) {
          for (var path : KnownSettings.spellings(joined(prefix, step))) {
            var value = provider.at(path);
            if (value.isPresent() && fits(type, value.get())) {
              return Optional.of(taken(type, provider, path, value.get()));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  /// A setting of ours, if it stands anywhere: in its own sections, or in those of [#at(String...)]
  /// if it has none.
  @Seam
  public <T> Optional<T> find(Setting<T> setting) {
    return ofItsSections(setting).find(setting.type(), setting.name());
  }

  /// A setting of ours, or its default.
  @Seam
  public <T> T get(Setting<T> setting) {
    return find(setting).orElseGet(setting::standardValue);
  }

  /// Where a setting of ours was found and what it is, `***` if it is secret; empty if it stands
  /// nowhere.
  @Seam
  public Optional<Lookup> lookup(Setting<?> setting) {
    var found = new Config(places.again(), pipeline, ladders, own);
    return found.find(setting).map(value -> found.lookups().getLast());
  }

  private Config ofItsSections(Setting<?> setting) {
    return setting.sections().isEmpty() ? this : at(setting.sections().toArray(String[]::new));
  }

  /// The setting; if it is missing, a NoSuchElementException lists every place that was looked at.
  public <T> T get(Class<T> type, String key, String... sections) {
    if (sections.length > 0) {
      return at(sections).get(type, key);
    }
    return find(type, key).orElseThrow(() -> new NoSuchElementException(missing(type, key)));
  }

  /// A list of texts, numbers and booleans; a variable has them as `a, b` or `["a", "b"]`.
  @SuppressWarnings("unchecked")
  public Optional<List<Object>> findList(String key, String... sections) {
    return find(List.class, key, sections).map(list -> (List<Object>) list);
  }

  /// A table of a file with all its keys.
  @SuppressWarnings("unchecked")
  public Optional<Map<String, Object>> findTable(String key, String... sections) {
    return find(Map.class, key, sections).map(table -> (Map<String, Object>) table);
  }

  /// The table at exactly these sections, put together from all files: what stands in
  /// `secrets.toml` lies over what stands in `config.toml`, and its texts are [Secret]s. An
  /// environment variable takes the place of a value that a file has.
  public Map<String, Object> mergedTable(String... sections) {
    var merged = new TreeMap<String, Object>();
    for (var prefix : prefixes()) {
      var path = joined(prefix, List.of(sections));
      for (var provider : places.providers()) {
        if (provider.at(path).orElse(null) instanceof Map<?, ?> table) {
          addBelow(merged, table, provider.secret());
          if (provider.secret()) {
            places.handOut(String.join(".", path), table);
          }
          places.remember(
              new Lookup(
                  String.join(".", path), provider.secret() ? "***" : "{}", provider.name()));
        }
      }
    }
    replaceByVariables(merged, List.of(sections));
    return merged;
  }

  @SuppressWarnings("unchecked")
  private static void addBelow(Map<String, Object> merged, Map<?, ?> table, boolean secret) {
    table.forEach((key, value) -> {
      var there = merged.get(key);
      if (there instanceof Map && value instanceof Map<?, ?> below) {
        addBelow((Map<String, Object>) there, below, secret);
      } else if (there == null) {
        merged.put(String.valueOf(key), hidden(value, secret));
      }
    });
  }

  private static Object hidden(Object value, boolean secret) {
    if (value instanceof Map<?, ?> table) {
      var copy = new TreeMap<String, Object>();
      table.forEach((key, inner) -> copy.put(String.valueOf(key), hidden(inner, secret)));
      return copy;
    }
    return secret && value instanceof String text ? Secret.of(text) : value;
  }

  @SuppressWarnings("unchecked")
  private void replaceByVariables(Map<String, Object> merged, List<String> path) {
    merged.replaceAll((key, value) -> {
      var here = joined(path, List.of(key));
      if (value instanceof Map) {
        replaceByVariables((Map<String, Object>) value, here);
        return value;
      }
      for (var prefix : prefixes()) {
        var variable = places.providers().getFirst().at(joined(prefix, here));
        if (variable.isPresent()) {
          if (value instanceof Secret || SecretNames.isSecretField(key)) {
            places.handOut(String.join(".", joined(prefix, here)), variable.get());
          }
          return value instanceof Secret ? Secret.of(variable.get().toString()) : variable.get();
        }
      }
      return value;
    });
  }

  /// A TOML file of its own, as maps and lists.
  public static Map<String, Object> toml(Path file) {
    try {
      return TomlFile.parse(file.toString(), false, TomlFile.text(file)).tables();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "Cannot read '"
              + file
              + "': "
              + IoFault.said(unreadable, file)
              + "; it must be a TOML file",
          unreadable);
    }
  }

  /// A secret, which prints as `***`; it may stand in a variable or in `secrets.toml`, not in
  /// `config.toml`.
  public Secret secret(String key, String... sections) {
    return get(Secret.class, key, sections);
  }

  /// Every setting found so far, once, in the order of the first look-up.
  public List<Lookup> lookups() {
    return places.lookups();
  }

  /// The text with every secret in it as `***`: what stands in `secrets.toml`, what was asked for
  /// as a [Secret], and what its name or place tells to be one (`password=`, `user:password@host`).
  public String masked(String text) {
    return places.masked(text);
  }

  /// The secrets of at least `length` characters that were handed out in this settings folder so
  /// far, each with the key of its setting.
  @Seam
  public Map<String, String> secretsHandedOut(int length) {
    return places.handedOut(length);
  }

  /// One sentence for each key that looks like a setting and is none, with the nearest one.
  public List<String> warnings() {
    return places.providers().stream()
        .flatMap(provider -> provider.unknownKeys().stream())
        .toList();
  }

  /// One sentence for each setting of dlt that stands somewhere and does nothing here, with the
  /// reason.
  public List<String> withoutEffect() {
    return places.providers().stream()
        .flatMap(provider -> provider.keysWithoutEffect().stream())
        .toList();
  }

  /// Where `config.toml` and `secrets.toml` stand: `.dlt` in the working folder.
  public Path settingsFolder() {
    return places.settingsFolder();
  }

  /// Where the working directories of pipelines stand: `pipelines` in [#settingsFolder()] or in
  /// `DLT_DATA_DIR`.
  public Path pipelinesFolder() {
    return places.dataFolder().resolve("pipelines");
  }

  private List<List<String>> prefixes() {
    return pipeline == null ? List.of(List.of()) : List.of(List.of(pipeline), List.of());
  }

  /// The paths to try within one provider, most specific first.
  private List<List<String>> steps(String key) {
    var ownPath = List.of(key.split("\\."));
    var steps = new ArrayList<List<String>>();
    for (var ladder : ladders) {
      for (int size = ladder.size(); size > 0; size--) {
        steps.add(joined(ladder.subList(0, size), ownPath));
      }
    }
    steps.add(ownPath);
    return steps;
  }

  private static List<String> joined(List<String> left, List<String> right) {
    return Stream.concat(left.stream(), right.stream()).toList();
  }

  /// `[progress]` is not the setting `progress`.
  private static boolean fits(Class<?> type, Object value) {
    return !(value instanceof Map) || type == Map.class || type == Object.class;
  }

  private <T> T taken(Class<T> type, Provider provider, List<String> path, Object value) {
    var key = String.join(".", path);
    var hidden =
        provider.secret()
            || type == Secret.class
            || SecretNames.isSecretField(
                path.getLast()); // asked for as text, it is one all the same
    if (type == Secret.class && !provider.holdsSecrets()) {
      throw new IllegalArgumentException(
          "Secret '"
              + key
              + "' stands in "
              + provider.name()
              + "; move it to secrets.toml or to the environment variable "
              + new Environment(Map.of()).spell(path));
    }
    var converted = Coercion.to(type, value);
    if (converted.isEmpty()) {
      throw new IllegalArgumentException(
          "Setting '"
              + provider.spell(path)
              + "' in "
              + provider.name()
              + " is '"
              + (hidden ? "***" : value)
              + "', but must be "
              + Coercion.expectation(type));
    }
    if (hidden) {
      places.hide(key, value);
    }
    if (type == Secret.class) {
      places.handOut(key, value);
    }
    places.remember(
        new Lookup(key, hidden ? "***" : Masking.telling(String.valueOf(value)), provider.name()));
    return converted.get();
  }

  private String missing(Class<?> type, String key) {
    var kind = type == Secret.class ? "Secret" : "Setting";
    var looked =
        places.providers().stream()
            .filter(provider -> type != Secret.class || provider.holdsSecrets())
            .map(provider ->
                "\n  "
                    + provider.name()
                    + ": "
                    + prefixes().stream()
                        .flatMap(prefix -> steps(key).stream().map(step -> joined(prefix, step)))
                        .flatMap(path -> KnownSettings.spellings(path).stream())
                        .map(provider::spell)
                        .collect(Collectors.joining(", ")))
            .collect(Collectors.joining());
    return kind + " '" + key + "' is missing; set it in one of the places looked at:" + looked;
  }
}
