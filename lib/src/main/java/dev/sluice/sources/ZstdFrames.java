package dev.sluice.sources;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/// Walks the frames and blocks of a zstd file (RFC 8878) without unpacking them, since DuckDB takes
/// a file that was cut off for one that ends.
final class ZstdFrames {
  private static final int FRAME = 0xFD2FB528;
  private static final int SKIPPABLE = 0x184D2A5;
  private static final int[] DICTIONARY_BYTES = {0, 1, 2, 4};

  private final DataInputStream in;

  private ZstdFrames(DataInputStream in) {
    this.in = in;
  }

  /// An EOFException if the file ends within a frame, a ZipException if it is no zstd.
  static void check(Path path) throws IOException {
    try (var in =
        new DataInputStream(new java.io.BufferedInputStream(Files.newInputStream(path)))) {
      new ZstdFrames(in).check();
    }
  }

  private void check() throws IOException {
    for (var first = in.read(); first >= 0; first = in.read()) {
      var magic = first | ((int) number(3) << 8);
      if (magic >>> 4 == SKIPPABLE) in.skipNBytes(number(4));
      else if (magic == FRAME) frame();
      else throw new ZipException("Not in zstd format");
    }
  }

  private void frame() throws IOException {
    var descriptor = in.readUnsignedByte();
    var single = ((descriptor >> 5) & 1) == 1;
    var sizeBytes = descriptor >> 6 == 0 ? (single ? 1 : 0) : 1 << (descriptor >> 6);
    in.skipNBytes((single ? 0 : 1) + DICTIONARY_BYTES[descriptor & 3] + sizeBytes);
    boolean last;
    do {
      var block = number(3);
      last = (block & 1) == 1;
      // A block of one repeated byte says how often, and holds it once.
      in.skipNBytes(((block >> 1) & 3) == 1 ? 1 : block >> 3);
    } while (!last);
    if (((descriptor >> 2) & 1) == 1) in.skipNBytes(4);
  }

  private long number(int bytes) throws IOException {
    var value = 0L;
    for (int at = 0; at < bytes; at++) {
      var next = in.read();
      if (next < 0) throw new EOFException();
      value |= (long) next << (8 * at);
    }
    return value;
  }
}
