package dev.sluice.parquet;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/// Google's Snappy by JNI: twice as fast as one in Java, and without a warning about `Unsafe`.
final class SnappyLibrary {
  private static final AtomicBoolean WANTED = new AtomicBoolean();

  private SnappyLibrary() {}

  /// Loads it in a thread of its own, the first time; that takes 60 ms.
  static void prepare() {
    if (WANTED.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("sluice-snappy").start(SnappyLibrary::works);
    }
  }

  /// Whether it runs here; waits until it is loaded.
  static boolean works() {
    return Loaded.WORKS;
  }

  /// Compresses the last `count` bytes of `from`, into `to` alone.
  static void compress(Buffer from, int count, Buffer to) throws IOException {
    to.clear();
    to.room(Snappy.maxCompressedLength(count));
    to.length = Snappy.compress(from.bytes, from.length - count, count, to.bytes, 0);
  }

  private static final class Loaded {
    static final boolean WORKS = load();

    private static boolean load() {
      try {
        return Snappy.maxCompressedLength(1) > 0;
      } catch (LinkageError | SnappyError | RuntimeException elsewhere) {
        return false; // an unknown processor: pages stay as they are
      }
    }
  }
}
