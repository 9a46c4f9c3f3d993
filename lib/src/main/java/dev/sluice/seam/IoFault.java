package dev.sluice.seam;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a file system refused, in words: many an [IOException] has a message that is its path
/// alone.
@Seam
public final class IoFault {
  private record Kind(String sign, String words, boolean passes) {}

  /// By what the operating system says.
  private static final List<Kind> KINDS =
      List.of(
          new Kind("No space left", "the disk is full; free some space and run again", true),
          new Kind("not enough space", "the disk is full; free some space and run again", true),
          new Kind("quota", "the disk quota is used up; free some space and run again", true),
          new Kind(
              "Too many open files",
              "too many files are open; raise the limit (ulimit -n) and run again",
              true),
          new Kind("Read-only file system", "the file system is read-only", false),
          new Kind("Is a directory", "it is a folder", false),
          new Kind("Not a directory", "a part of its path is no folder", false),
          new Kind("File name too long", "its name is too long", false),
          new Kind(
              "File too large", "it would be larger than a file may be (see ulimit -f)", false),
          new Kind("Input/output error", "input/output error of the disk", true),
          new Kind("levels of symbolic links", "its links lead in a circle", false),
          new Kind("Permission denied", "permission denied", false),
          new Kind("Access is denied", "permission denied", false),
          new Kind("Operation not permitted", "the operation is not permitted", false),
          new Kind("ross-device link", "it is on another file system", false),
          new Kind("Stale file handle", "the network file system has lost it", true),
          new Kind("resource busy", "another program holds it", true),
          new Kind("used by another process", "another program holds it", true),
          new Kind("Cannot allocate memory", "the machine is out of memory", true),
          new Kind("No such file or directory", "no such file or folder", false),
          new Kind("Directory not empty", "the folder is not empty", false));

  private IoFault() {}

  /// The kind of fault, and the path that the system names if there is one.
  public static String said(IOException fault) {
    return said(fault, "");
  }

  /// The same for a sentence that names `where` already; another path is named.
  public static String said(IOException fault, Object where) {
    var file = fault instanceof FileSystemException failed ? failed.getFile() : null;
    var reason = reason(fault);
    if (file == null || file.equals(where.toString())) {
      return reason;
    }
    var end = reason.indexOf(';'); // what to do comes last
    return end < 0
        ? reason + " ('" + file + "')"
        : reason.substring(0, end) + " ('" + file + "')" + reason.substring(end);
  }

  /// The same for whatever was thrown, if it is a fault of files; null if it says more by itself.
  public static @Nullable String of(Throwable thrown) {
    return switch (thrown) {
      case FileSystemException fault -> said(fault);
      case UncheckedIOException bare
          when String.valueOf(bare.getCause()).equals(bare.getMessage()) ->
          of(Objects.requireNonNull(bare.getCause()));
      default -> null;
    };
  }

  /// Whether the same may succeed later, when somebody has made room, for example.
  public static boolean passes(IOException fault) {
    var kind = kind(fault);
    return kind != null && kind.passes;
  }

  private static String reason(IOException fault) {
    var kind = kind(fault);
    if (kind != null) {
      return kind.words;
    }
    return switch (fault) {
      case AccessDeniedException e -> "permission denied";
      case NoSuchFileException e -> "no such file or folder";
      case FileAlreadyExistsException e -> "it exists already";
      case DirectoryNotEmptyException e -> "the folder is not empty";
      case NotDirectoryException e -> "it is no folder";
      case FileSystemLoopException e -> "its links lead in a circle";
      case AtomicMoveNotSupportedException e -> "it is on another file system";
      case ClosedByInterruptException e -> "interrupted";
      case ClosedChannelException e -> "it was closed meanwhile";
      case CharacterCodingException e -> "it is no UTF-8 text";
      case EOFException e when e.getMessage() == null -> "it ends too early";
      default -> other(fault);
    };
  }

  private static String other(IOException fault) {
    var message =
        fault instanceof FileSystemException failed ? failed.getReason() : fault.getMessage();
    return message == null || message.isBlank() ? fault.getClass().getSimpleName() : message;
  }

  private static @Nullable Kind kind(IOException fault) {
    var message =
        fault instanceof FileSystemException failed ? failed.getReason() : fault.getMessage();
    if (message == null) {
      return null;
    }
    return KINDS.stream().filter(kind -> message.contains(kind.sign)).findFirst().orElse(null);
  }
}
