package dev.sluice.store;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Brings a folder that a killed process left into order. Needs the lock.
final class Recovery {
  private static final RandomGenerator NONE = () -> 0;

  private Recovery() {}

  static void run(PipelineFolder folder) {
    CommitJournal.recover(folder.root());
    try {
      Durable.deleteAsides(folder.root());
      for (var draft : drafts(folder)) {
        if (!draft.hasCheckpoint()) {
          Durable.deleteTree(draft.folder());
        }
      }
      var normalize = folder.root().resolve("normalize");
      for (var name : draftNames(folder)) {
        if (PipelineFolder.list(normalize.resolve(name)).isEmpty()) {
          Durable.deleteTree(normalize.resolve(name));
        }
      }
      var unfinished = folder.root().resolve("load").resolve("new");
      for (var name : PipelineFolder.list(unfinished)) {
        Durable.deleteTree(unfinished.resolve(name));
      }
      removeNormalizedTwice(folder);
    } catch (IOException e) {
      throw StoreException.io("clean up", folder.root(), e);
    }
  }

  /// dlt moves the normalized package first and then deletes the extracted one.
  private static void removeNormalizedTwice(PipelineFolder folder) throws IOException {
    var further = new HashSet<String>(loadIds(folder, Stage.NORMALIZED));
    further.addAll(loadIds(folder, Stage.LOADED));
    for (var extracted : folder.packages(Stage.EXTRACTED)) {
      if (further.contains(extracted.loadId())) {
        Durable.deleteTree(extracted.folder());
      }
    }
  }

  private static Set<String> loadIds(PipelineFolder folder, Stage stage) {
    var ids = new HashSet<String>();
    folder.packages(stage).forEach(found -> ids.add(found.loadId()));
    return ids;
  }

  /// Packages that an extract has begun and not committed.
  static List<PackageDraft> drafts(PipelineFolder folder) {
    var drafts = new ArrayList<PackageDraft>();
    var normalize = folder.root().resolve("normalize");
    for (var name : draftNames(folder)) {
      var parent = normalize.resolve(name);
      for (var loadId : PipelineFolder.list(parent)) {
        if (Files.isDirectory(parent.resolve(loadId))) {
          drafts.add(new PackageDraft(loadId, parent.resolve(loadId), NONE));
        }
      }
    }
    drafts.sort(Comparator.comparing(PackageDraft::loadId));
    return drafts;
  }

  private static List<String> draftNames(PipelineFolder folder) {
    return PipelineFolder.list(folder.root().resolve("normalize")).stream()
        .filter(name -> name.matches("[0-9a-f]{16}"))
        .toList();
  }
}
