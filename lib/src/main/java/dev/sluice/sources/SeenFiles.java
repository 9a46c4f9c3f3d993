package dev.sluice.sources;

import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a pipeline remembers of the files it read, in the state of the resource: `files.<path> =
/// "<modified> <size> <content>"`, where the content is the store's version of it or else a digest.
final class SeenFiles {
  private static final int DIGEST_BYTES = 15;

  private final Map<String, Object> files;

  private SeenFiles(Map<String, Object> files) {
    this.files = files;
  }

  @SuppressWarnings("unchecked")
  static SeenFiles of(Map<String, Object> state) {
    return new SeenFiles(
        (Map<String, Object>) state.computeIfAbsent("files", key -> new LinkedHashMap<>()));
  }

  /// Whether time and size are those of the last time, so that it need not be opened.
  boolean unchanged(FileEntry file) {
    return files.get(file.path()) instanceof String seen && seen.startsWith(stamp(file));
  }

  /// Whether the content is that of the last time, though its time is not; remembers the new time.
  boolean sameContent(FileEntry file, Path path) {
    if (!(files.get(file.path()) instanceof String seen)) return false;
    var content = content(file, path);
    if (!seen.endsWith(" " + content)) return false;
    files.put(file.path(), stamp(file) + content);
    return true;
  }

  void add(FileEntry file, Path path) {
    files.put(file.path(), stamp(file) + content(file, path));
  }

  private static String stamp(FileEntry file) {
    return file.modified() + " " + file.size() + " ";
  }

  private static String content(FileEntry file, Path path) {
    return file.versioned() ? file.version() : digest(path);
  }

  private static String digest(Path path) {
    try (var in = FileChannel.open(path)) {
      var digest = MessageDigest.getInstance("SHA-256");
      var buffer = ByteBuffer.allocate(1 << 18);
      while (in.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest.digest(), DIGEST_BYTES));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "Cannot read '" + path + "': " + IoFault.said(unreadable, path), unreadable);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
