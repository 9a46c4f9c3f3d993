package dev.sluice.inspect;

import dev.sluice.store.StoreException;
import dev.sluice.store.StoredPackage;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with the files of a package, and what can be saved.
final class PackageCheck {
  private PackageCheck() {}

  static List<String> problems(StoredPackage stored) {
    var problems = new ArrayList<String>();
    try {
      PackageGrids.object(stored.schema(), stored.folder().resolve("schema.json"));
    } catch (StoreException | IllegalArgumentException e) {
      problems.add(e.getMessage() + " (the rows of its files can still be read)");
    }
    try {
      var said = !problems.isEmpty();
      stored.damages().stream()
          .filter(damage -> !said || !damage.contains("schema.json'"))
          .forEach(problems::add);
    } catch (StoreException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    for (var name : List.of("load_package_state.json", "schema_updates.json")) {
      stored
          .file(name)
          .ifPresent(bytes -> {
            try {
              PackageGrids.object(bytes, stored.folder().resolve(name));
            } catch (IllegalArgumentException e) {
              problems.add(String.valueOf(e.getMessage()));
            }
          });
    }
    if (!Files.isDirectory(stored.folder().resolve("new_jobs"))) {
      problems.add("The package '" + stored.folder() + "' has no folder 'new_jobs'");
    }
    return List.copyOf(problems);
  }
}
