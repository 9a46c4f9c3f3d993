package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Reads job files in a thread of its own while somebody else reads them too, and says in the end
/// whether both have read what was written.
///
/// A file that is written to while it is read might show one content here and another there. So
/// each must be the same file with the same times before the first byte is read and after the last.
///
/// ```java
/// try (var verification = Verification.begin(jobs)) {
///   …                                  // let the database read the files
///   verification.require();            // before it commits
/// }
/// ```
@Seam
public final class Verification implements AutoCloseable {
  private final Map<StoredJob, Map<String, Object>> before = new LinkedHashMap<>();
  private final FutureTask<List<String>> reading = new FutureTask<>(this::damages);
  private volatile boolean stopped;

  private Verification() {}

  /// Begins to read the files of jobs; those without a checksum are only looked at.
  public static Verification begin(Collection<StoredJob> jobs) {
    var verification = new Verification();
    try {
      for (var job : jobs) {
        verification.before.put(job, stamp(job.file()));
      }
    } catch (IOException e) {
      throw StoreException.io("read the job files of", jobs.iterator().next().file(), e);
    }
    Thread.ofPlatform().daemon().name("sluice-verify").start(verification.reading);
    return verification;
  }

  /// Which file it is and when it was changed; a rename or another name changes the time too.
  static Map<String, Object> stamp(Path file) throws IOException {
    var unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    return Files.readAttributes(
        file, unix ? "unix:ino,dev,size,lastModifiedTime,ctime" : "size,lastModifiedTime,fileKey");
  }

  private List<String> damages() throws IOException {
    for (var job : before.keySet()) {
      if (job.crc32c().isPresent() && !stopped) {
        var now = FileSum.read(job.file(), Long.MAX_VALUE, () -> stopped);
        var written = new FileSum(job.bytes(), job.crc32c().get());
        if (!stopped && !written.fits(now)) {
          return List.of(StoredPackage.changed(job.file(), written, now));
        }
      }
    }
    return List.of();
  }

  /// Waits for the reading to end.
  ///
  /// - refuses files that do not hold what was written, and such that were changed meanwhile
  public void require() {
    for (var damage : await()) {
      throw StoreException.refused(damage + StoredPackage.REMEDY);
    }
    before.forEach((job, stamp) -> {
      try {
        if (!stamp.equals(stamp(job.file()))) {
          throw moved(job, null);
        }
      } catch (NoSuchFileException gone) {
        throw moved(job, gone);
      } catch (IOException e) {
        throw StoreException.io("read the job file", job.file(), e);
      }
    });
  }

  private static StoreException moved(StoredJob job, @Nullable IOException cause) {
    return new StoreException(
        "The file '"
            + job.file()
            + "' was changed while it was loaded; let nobody else work in the folder, and run again",
        true,
        cause);
  }

  /// An interrupt is heard by whoever commits.
  private List<String> await() {
    var interrupted = false;
    try {
      while (true) {
        try {
          return reading.get();
        } catch (InterruptedException later) {
          interrupted = true;
        } catch (ExecutionException failed) {
          throw failed.getCause() instanceof IOException e
              ? StoreException.io(
                  "read the job files of", before.keySet().iterator().next().file(), e)
              : new IllegalStateException(failed.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Ends the reading.
  @Override
  public void close() {
    stopped = true;
    try {
      await();
    } catch (StoreException said) {
      // Whoever asked has been told, and nobody else needs to know.
    }
  }
}
