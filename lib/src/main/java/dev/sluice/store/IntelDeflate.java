package dev.sluice.store;

import com.intel.gkl.compression.IntelDeflater;
import com.intel.gkl.compression.IntelInflater;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Intel's ISA-L, as the Genomics Kernel Library has it: level 1 at four times the speed of zlib,
/// and a little smaller. Only for x86-64, with Linux or macOS.
///
/// Of what it inherits from [Deflater], this much works: the input begins at 0 and is not empty,
/// and one call with room enough takes all of it.
final class IntelDeflate {
  /// Held, since a logger that nobody holds forgets its level: it reports each load as news.
  private static final Logger LOGGER = Logger.getLogger("com.intel.gkl");

  private static final AtomicBoolean WANTED = new AtomicBoolean();
  private static final AtomicBoolean LOADED = new AtomicBoolean();

  private IntelDeflate() {}

  /// Loads the native library in a thread of its own, the first time; that takes 50 ms.
  static void prepare() {
    if (WANTED.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("sluice-deflate").start(IntelDeflate::load);
    }
  }

  /// Whether it is to be had here, and loaded.
  static boolean ready() {
    return LOADED.get();
  }

  /// One for raw deflate, level 1.
  static Deflater deflater() {
    return Library.deflater();
  }

  /// One for raw deflate, all of whose input is given at once.
  static Inflater inflater() {
    return Library.inflater();
  }

  private static void load() {
    LOGGER.setLevel(Level.OFF);
    try {
      LOADED.set(Library.load());
    } catch (LinkageError | RuntimeException elsewhere) {
      // Another processor, or the library is not on the class path: zlib goes on.
    }
  }

  /// Apart, since a class that names the library is not even verified where the library is missing.
  private static final class Library {
    static boolean load() {
      return new IntelDeflater(Deflater.BEST_SPEED, true).load(null)
          && new IntelInflater(true).load(null);
    }

    static Deflater deflater() {
      return new IntelDeflater(Deflater.BEST_SPEED, true);
    }

    static Inflater inflater() {
      return new IntelInflater(true);
    }
  }
}
