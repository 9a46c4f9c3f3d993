package dev.sluice.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Several renames and deletions as one step that happens or does not.
///
/// New contents are laid into `.commit/`, synced; the journal names what goes where; the journal's
/// own rename is the commit. From then on the step is carried to its end, by us or by the next
/// opening.
final class CommitJournal {
  static final String FOLDER = ".commit";
  private static final String JOURNAL = "journal";

  private final Path root;
  private final Path folder;
  private final List<String> lines = new ArrayList<>();

  CommitJournal(Path root) {
    this.root = root;
    this.folder = root.resolve(FOLDER);
  }

  /// The content of a file, to be put in place by the commit.
  void write(Path target, byte[] content) {
    var aside = folder.resolve("file" + lines.size());
    try {
      Files.createDirectories(folder);
      Durable.writeSynced(aside, content);
    } catch (IOException e) {
      throw StoreException.io("write", aside, e);
    }
    lines.add("replace\t" + relative(aside) + "\t" + relative(target));
  }

  /// A folder (already synced) to be renamed by the commit.
  void move(Path from, Path to) {
    lines.add("move\t" + relative(from) + "\t" + relative(to));
  }

  /// What the commit removes.
  void delete(Path path) {
    lines.add("delete\t" + relative(path));
  }

  void commit() {
    if (lines.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(folder);
      Durable.syncFolder(folder);
      Durable.syncFolder(root);
    } catch (IOException e) {
      throw StoreException.io("write", folder, e);
    }
    var text = String.join("\n", lines) + "\n";
    Durable.replace(folder.resolve(JOURNAL), text.getBytes(StandardCharsets.UTF_8));
    rollForward(root);
  }

  /// Carries a committed step to its end; forgets one that was not committed.
  static void rollForward(Path root) {
    var folder = root.resolve(FOLDER);
    var journal = folder.resolve(JOURNAL);
    try {
      if (Files.exists(journal)) {
        var changed = new LinkedHashSet<Path>();
        for (var line : Files.readAllLines(journal)) {
          apply(root, line.split("\t", -1), changed);
        }
        for (var parent : changed) {
          if (Files.isDirectory(parent)) {
            Durable.syncFolder(parent);
          }
        }
        Files.delete(journal);
        Durable.syncFolder(folder);
      }
      Durable.deleteTree(folder);
    } catch (IOException e) {
      throw StoreException.io("finish the commit in", folder, e);
    }
  }

  private static void apply(Path root, String[] step, Set<Path> changed) throws IOException {
    var from = root.resolve(step[1]);
    changed.add(Durable.parent(from));
    if (step[0].equals("delete")) {
      Durable.deleteTree(from);
      return;
    }
    var to = root.resolve(step[2]);
    changed.add(Durable.parent(to));
    if (!Files.exists(from)) {
      return; // an earlier attempt has moved it
    }
    Files.createDirectories(Durable.parent(to));
    if (step[0].equals("replace")) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else if (Files.exists(to)) {
      throw StoreException.refused(
          "Both '" + from + "' and '" + to + "' exist; move one of them away and run again");
    } else {
      Durable.move(from, to);
    }
  }

  private String relative(Path path) {
    var text = root.relativize(path).toString().replace('\\', '/');
    if (text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0) {
      throw StoreException.refused("The path '" + path + "' holds a tab or a line break");
    }
    return text;
  }
}
