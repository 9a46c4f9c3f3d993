package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// Reads job files: the bytes of a `.gz` file come inflated, all members one after another.
@Seam
public final class JobReader {
  private static final int BUFFER = 64 * 1024;

  private JobReader() {}

  /// Opens a job file; the caller closes it.
  public static InputStream open(Path file) {
    try {
      var raw = Files.newInputStream(file);
      if (!String.valueOf(file.getFileName()).endsWith(".gz")) {
        return new BufferedInputStream(raw, BUFFER);
      }
      try {
        var buffered = new BufferedInputStream(raw, BUFFER);
        buffered.mark(Block.HEADER);
        boolean ours = Block.size(buffered.readNBytes(Block.HEADER)) >= 0;
        buffered.reset();
        return ours ? new BlockInput(buffered) : new GZIPInputStream(buffered, BUFFER);
      } catch (IOException e) {
        try {
          raw.close();
        } catch (IOException open) {
          e.addSuppressed(open);
        }
        throw e;
      }
    } catch (IOException e) {
      throw StoreException.io("read the job file", file, e);
    }
  }
}
