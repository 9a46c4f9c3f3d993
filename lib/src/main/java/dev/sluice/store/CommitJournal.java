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
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

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
  private final List<String> moved = new ArrayList<>();
  private boolean made;

  /// Begins a commit; finishes an earlier one that could not be, whose place it would take.
  CommitJournal(Path root) {
    this.root = root;
    this.folder = root.resolve(FOLDER);
    if (stands(root)) {
      recover(root);
    }
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
    lines.add("replace\t" + relative(aside) + "\t" + relative(target) + "\t" + checksum(content));
  }

  /// A folder (already synced) to be renamed by the commit.
  void move(Path from, Path to) {
    lines.add("move\t" + relative(from) + "\t" + relative(to));
    moved.add(String.valueOf(from.getFileName()));
  }

  /// What the commit removes.
  void delete(Path path) {
    lines.add("delete\t" + relative(path));
  }

  /// Makes the commit and carries it to its end.
  ///
  /// - fails in two ways: nothing has changed, or the commit is made ([#made()]) and what is left
  ///   of it is done by the next opening
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
    try {
      Durable.replace(folder.resolve(JOURNAL), text.getBytes(StandardCharsets.UTF_8));
      made = true;
      rollForward(root);
    } catch (RuntimeException failed) {
      made |= stands(root);
      throw made ? unfinished(failed) : failed;
    }
  }

  /// Whether the commit has happened: from the rename of its journal on, whatever failed then.
  boolean made() {
    return made || stands(root);
  }

  private StoreException unfinished(RuntimeException failed) {
    var left = "";
    try {
      recover(root);
    } catch (RuntimeException again) {
      failed.addSuppressed(again);
      left = ", and the next run carries it to its end";
    }
    return new StoreException(
        failed.getMessage()
            + "; all the same the commit"
            + (moved.isEmpty() ? "" : " of package " + String.join(", ", moved))
            + " is made"
            + left,
        true,
        failed);
  }

  /// Whether a commit is made and not carried to its end; in doubt it is.
  static boolean stands(Path root) {
    return !Files.notExists(root.resolve(FOLDER).resolve(JOURNAL));
  }

  /// Carries a commit that an earlier run made to its end; forgets one that was not made.
  static void recover(Path root) {
    var folder = root.resolve(FOLDER);
    if (Files.notExists(folder)) {
      return;
    }
    try {
      Durable.syncFolder(folder); // which that run may not have come to, or not have been able to
      if (stands(root)) {
        rollForward(root);
      } else {
        Durable.deleteTree(folder);
      }
    } catch (IOException e) {
      throw StoreException.io("finish the commit in", folder, e);
    }
  }

  private static void rollForward(Path root) {
    var folder = root.resolve(FOLDER);
    var journal = folder.resolve(JOURNAL);
    try {
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
    var replaces = step[0].equals("replace");
    if (Files.notExists(from)) {
      requireDone(root, from, to, replaces && step.length > 3 ? step[3] : null);
      return;
    }
    Files.createDirectories(Durable.parent(to));
    if (replaces) {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else if (Files.exists(to)) {
      throw StoreException.refused(
          "Both '" + from + "' and '" + to + "' exist; move one of them away and run again");
    } else {
      Durable.move(from, to);
    }
  }

  /// An earlier attempt has moved it, or somebody else has taken it away.
  private static void requireDone(Path root, Path from, Path to, @Nullable String checksum)
      throws IOException {
    var there = Files.exists(to);
    if (there && (checksum == null || checksum.equals(checksum(Files.readAllBytes(to))))) {
      return;
    }
    throw StoreException.refused(
        "A commit was to put '"
            + from
            + "' in the place of '"
            + to
            + "', but the first is gone and the second "
            + (there ? "holds something else" : "is not there")
            + "; restore one of them, or delete the folder '"
            + root.resolve(FOLDER)
            + "' to go on without");
  }

  private static String checksum(byte[] content) {
    var checksum = new CRC32();
    checksum.update(content);
    return Long.toHexString(checksum.getValue());
  }

  private String relative(Path path) {
    var text = root.relativize(path).toString().replace('\\', '/');
    if (text.indexOf('\t') >= 0 || text.indexOf('\n') >= 0) {
      throw StoreException.refused("The path '" + path + "' holds a tab or a line break");
    }
    return text;
  }
}
