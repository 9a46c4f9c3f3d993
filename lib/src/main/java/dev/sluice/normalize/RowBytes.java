package dev.sluice.normalize;

import dev.sluice.seam.IoFault;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/// The rows of an extracted file one by one, as ranges of a buffer: lines that are lists of rows,
/// or a row each.
///
/// Behind the bytes read stands always a zero, which no JSON holds, so that whoever scans needs to
/// look for the end only where a zero is met.
final class RowBytes implements AutoCloseable {
  private static final int CHUNK = 256 * 1024;

  private final InputStream in;

  byte[] bytes = new byte[CHUNK + 8];

  /// Where the row at hand begins.
  int start;

  /// Behind the last byte read.
  int limit;

  /// Rows given so far.
  long row;

  private boolean inList;
  private boolean ended;

  RowBytes(InputStream in) {
    this.in = in;
  }

  /// Goes to the next row, which begins at [#start]; false at the end of the file.
  boolean next() {
    while (true) {
      byte c = peek();
      switch (c) {
        case 0 -> {
          if (inList) {
            throw truncated();
          }
          return false;
        }
        case '[' -> {
          if (inList) {
            row++;
            return true;
          }
          inList = true;
          start++;
          if (peek() == ',') {
            throw new CannotNormalize("Unreadable JSON: a comma where a row was expected");
          }
        }
        case ']' -> {
          if (!inList) {
            throw new CannotNormalize("Unreadable JSON: a list ends that has not begun");
          }
          inList = false;
          start++;
        }
        case ',' -> start++;
        default -> {
          row++;
          return true;
        }
      }
    }
  }

  /// Says where the row at hand ended.
  void end(int end) {
    start = end;
  }

  /// Where the row at hand ends, whatever is in it; reads on until it does.
  int skip() {
    int at = start;
    int depth = 0;
    while (true) {
      byte c = bytes[at];
      switch (c) {
        case '"' -> {
          at = skipText(at);
          if (depth == 0) {
            return at;
          }
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> {
          if (--depth == 0) {
            return at + 1;
          }
          if (depth < 0) {
            return at;
          }
        }
        case ',', ' ', '\n', '\r', '\t' -> {
          if (depth == 0) {
            return at;
          }
        }
        case 0 -> {
          requireEnd(at);
          int offset = at - start;
          if (!more()) {
            if (depth > 0) {
              throw truncated();
            }
            return at;
          }
          at = start + offset;
          continue;
        }
        default -> {}
      }
      at++;
    }
  }

  private int skipText(int from) {
    int at = from + 1;
    while (true) {
      byte c = bytes[at];
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' && at + 1 < limit) {
        at += 2;
        continue;
      }
      if (c == 0 || c == '\\') {
        if (c == 0) {
          requireEnd(at);
        }
        int offset = at - start;
        if (!more()) {
          throw truncated();
        }
        at = start + offset;
        continue;
      }
      at++;
    }
  }

  /// Reads more behind the row at hand; false if the file has ended. [#start] may move.
  boolean more() {
    if (ended) {
      return false;
    }
    if (start > 0) {
      System.arraycopy(bytes, start, bytes, 0, limit - start);
      limit -= start;
      start = 0;
    }
    if (limit + CHUNK / 2 > bytes.length - 8) {
      bytes = Arrays.copyOf(bytes, Math.addExact(bytes.length, bytes.length));
    }
    try {
      int read = in.read(bytes, limit, bytes.length - 8 - limit);
      if (read < 0) {
        ended = true;
        bytes[limit] = 0;
        return false;
      }
      limit += read;
      bytes[limit] = 0;
      return true;
    } catch (EOFException cut) {
      throw new CannotNormalize("The file ends too early; it is damaged");
    } catch (ZipException corrupt) {
      throw new CannotNormalize(
          "The file cannot be inflated (" + corrupt.getMessage() + "); it is damaged");
    } catch (IOException unreadable) {
      throw new CannotNormalize("The file cannot be read: " + IoFault.said(unreadable), unreadable);
    }
  }

  private byte peek() {
    while (true) {
      byte c = bytes[start];
      if (c == 0) {
        requireEnd(start);
        if (more()) {
          continue;
        }
        return 0;
      }
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
      start++;
    }
  }

  /// A zero is the end of what was read; any other is no JSON.
  private void requireEnd(int at) {
    if (at < limit) {
      throw new CannotNormalize("Unreadable JSON: a zero byte; the file is damaged");
    }
  }

  /// Whether a zero stands in the row at hand, where no JSON has one.
  boolean damaged() {
    for (int at = start; at < limit; at++) {
      if (bytes[at] == 0) {
        return true;
      }
    }
    return false;
  }

  private static CannotNormalize truncated() {
    return new CannotNormalize("The file ends within a row; it is cut off");
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException ignored) {
      // All that was needed has been read.
    }
  }
}
