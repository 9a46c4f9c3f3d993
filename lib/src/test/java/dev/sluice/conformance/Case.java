package dev.sluice.conformance;

import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One recorded pipeline: what is run, and what is there after each run.
///
/// `runs` and the expectations keep the form of the file; values in them still have their markers.
public record Case(
    String name,
    String about,
    List<Map<String, Object>> runs,
    List<Expectation> expect,
    Set<String> ignore,
    boolean hasBetter,
    boolean systemTables) {

  public static Case read(Path file) {
    try {
      return of(Json.load(Files.newInputStream(file)));
    } catch (IOException | RuntimeException unreadable) {
      throw new IllegalArgumentException(
          "Cannot read the case '%s': %s".formatted(file, unreadable.getMessage()), unreadable);
    }
  }

  static Case of(Map<String, Object> json) {
    var ignore = Set.copyOf(Tree.<String>list(json.get("ignore")));
    var expect = new ArrayList<Expectation>();
    for (var after : Tree.<Map<String, Object>>list(json.get("expect"))) {
      expect.add(Expectation.of(after, ignore));
    }
    return new Case(
        (String) json.get("name"),
        (String) json.getOrDefault("about", ""),
        Tree.list(json.get("runs")),
        expect,
        ignore,
        json.containsKey("better"),
        Boolean.TRUE.equals(json.get("system_tables")));
  }

  /// All cases of a folder by name; those of `names` if any are given.
  public static List<Case> ofFolder(Path folder, Set<String> names) throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*.json")) {
      var cases = new ArrayList<Case>();
      for (var file : files) {
        var name = file.getFileName().toString().replaceFirst("\\.json$", "");
        if (names.isEmpty() || names.contains(name)) cases.add(read(file));
      }
      cases.sort(java.util.Comparator.comparing(Case::name));
      return cases;
    }
  }
}
