package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/// Reads job files: the bytes of a `.gz` file come inflated, all members one after another.
@Seam
public final class JobReader {
  private static final int BUFFER = 64 * 1024;

  private JobReader() {}

  /// Opens a job file; the caller closes it.
  public static InputStream open(Path file) {
    try {
      return inflated(file, Files.newInputStream(file));
    } catch (IOException e) {
      throw StoreException.io("read the job file", file, e);
    }
  }

  /// Opens a job file whose bytes are summed while they are read, to be asked in the end whether
  /// they are those that were written.
  public static Checked open(StoredJob job) {
    try {
      var raw = new SummedInput(Files.newInputStream(job.file()));
      try {
        return new Checked(job, raw, inflated(job.file(), raw));
      } catch (IOException damaged) {
        requireWritten(job, FileSum.read(job.file()));
        throw damaged;
      }
    } catch (IOException e) {
      throw StoreException.io("read the job file", job.file(), e);
    }
  }

  private static void requireWritten(StoredJob job, FileSum now) {
    var written = new FileSum(job.bytes(), job.crc32c().orElse(null));
    if (!written.fits(now)) {
      throw StoreException.refused(
          StoredPackage.changed(job.file(), written, now) + StoredPackage.REMEDY);
    }
  }

  private static InputStream inflated(Path file, InputStream raw) throws IOException {
    var buffered = new BufferedInputStream(raw, BUFFER);
    if (!String.valueOf(file.getFileName()).endsWith(".gz")) {
      return buffered;
    }
    try {
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
  }

  /// A job file being read.
  @Seam
  public static final class Checked implements AutoCloseable {
    private final StoredJob job;
    private final SummedInput raw;
    private final InputStream content;

    private Checked(StoredJob job, SummedInput raw, InputStream content) {
      this.job = job;
      this.raw = raw;
      this.content = content;
    }

    /// Its bytes, inflated; need not be closed.
    public InputStream content() {
      return content;
    }

    /// Reads what is left and refuses the file if it is not what was written: that holds for all
    /// that was read of it.
    public void requireWritten() {
      try {
        raw.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw StoreException.io("read the job file", job.file(), e);
      }
      JobReader.requireWritten(job, FileSum.of(raw.count, raw.checksum));
    }

    @Override
    public void close() {
      try {
        content.close();
      } catch (IOException ignored) {
        // All that was needed has been read.
      }
    }
  }

  /// Sums what is read, in order.
  private static final class SummedInput extends FilterInputStream {
    private final CRC32C checksum = new CRC32C();
    private long count;

    SummedInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = in.read();
      if (one >= 0) {
        checksum.update(one);
        count++;
      }
      return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      if (read > 0) {
        checksum.update(target, offset, read);
        count += read;
      }
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      return readNBytes((int) Math.min(bytes, BUFFER)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
