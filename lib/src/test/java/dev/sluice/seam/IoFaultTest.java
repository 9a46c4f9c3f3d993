package dev.sluice.seam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoFaultTest {
  @TempDir Path folder;

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private static IOException thrown(Work work) {
    try {
      work.run();
    } catch (IOException fault) {
      return fault;
    }
    throw new AssertionError("nothing was thrown");
  }

  @Test
  void whatTheRealFileSystemRefusesHasAKind() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "x");
    Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("x"), "");
    var said =
        Map.<String, Work>of(
            "no such file or folder", () -> Files.readString(folder.resolve("none")),
            "it exists already", () -> Files.createDirectory(file),
            "it is a folder", () -> Files.writeString(folder, "x"),
            "a part of its path is no folder", () -> Files.readString(file.resolve("x")),
            "its name is too long", () -> Files.writeString(folder.resolve("n".repeat(300)), "x"),
            "the folder is not empty", () -> Files.delete(folder.resolve("full")),
            "it is no UTF-8 text",
                () -> {
                  Files.write(file, new byte[] {(byte) 0xc3, 0x28});
                  Files.readString(file, StandardCharsets.UTF_8);
                });
    said.forEach((kind, work) -> assertThat(IoFault.said(thrown(work))).startsWith(kind));
  }

  @Test
  void aPathIsNamedOnceAndTheReasonAlways() {
    var denied = new AccessDeniedException("/a/b");
    assertThat(IoFault.said(denied)).isEqualTo("permission denied ('/a/b')");
    assertThat(IoFault.said(denied, Path.of("/a/b"))).isEqualTo("permission denied");
    assertThat(IoFault.said(denied, "/a")).isEqualTo("permission denied ('/a/b')");
    var full = new FileSystemException("/a/b", null, "No space left on device");
    assertThat(IoFault.said(full, "/a"))
        .isEqualTo("the disk is full ('/a/b'); free some space and run again");
  }

  @Test
  void kindsAreKnownWhereverTheyComeFrom() {
    var kinds =
        Map.ofEntries(
            Map.entry("No space left on device", "the disk is full; free some space and run again"),
            Map.entry(
                "Disk quota exceeded", "the disk quota is used up; free some space and run again"),
            Map.entry(
                "Too many open files",
                "too many files are open; raise the limit (ulimit -n) and run again"),
            Map.entry("Read-only file system", "the file system is read-only"),
            Map.entry("File too large", "it would be larger than a file may be (see ulimit -f)"),
            Map.entry("Input/output error", "input/output error of the disk"),
            Map.entry("Connection reset", "Connection reset"));
    kinds.forEach((message, said) -> {
      assertThat(IoFault.said(new IOException(message))).isEqualTo(said);
      assertThat(IoFault.said(new FileSystemException("/x", null, message), "/x")).isEqualTo(said);
    });
    assertThat(IoFault.said(new IOException())).isEqualTo("IOException");
    assertThat(IoFault.said(new EOFException())).isEqualTo("it ends too early");
    assertThat(IoFault.said(new ClosedByInterruptException())).isEqualTo("interrupted");
    assertThat(IoFault.said(new FileAlreadyExistsException("/x"), "/x"))
        .isEqualTo("it exists already");
    assertThat(IoFault.said(new DirectoryNotEmptyException("/x"), "/x"))
        .isEqualTo("the folder is not empty");
  }

  @Test
  void whatMayPassIsToldFromWhatAPersonMustChange() {
    assertThat(IoFault.passes(new IOException("No space left on device"))).isTrue();
    assertThat(IoFault.passes(new IOException("Too many open files"))).isTrue();
    assertThat(IoFault.passes(new AccessDeniedException("/x"))).isFalse();
    assertThat(IoFault.passes(new IOException("Read-only file system"))).isFalse();
  }

  @Test
  void aBareWrapperSaysWhatItHolds() {
    var missing = new NoSuchFileException("/x");
    assertThat(IoFault.of(new UncheckedIOException(missing)))
        .isEqualTo("no such file or folder ('/x')");
    assertThat(IoFault.of(new UncheckedIOException("Cannot do it", missing))).isNull();
    assertThat(IoFault.of(new IOException("Connection reset"))).isNull();
  }
}
