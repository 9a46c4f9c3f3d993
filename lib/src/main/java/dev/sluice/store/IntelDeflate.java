package dev.sluice.store;

import com.intel.gkl.compression.IntelDeflater;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.Deflater;

/// Intel's ISA-L, as the Genomics Kernel Library has it: level 1 at four times the speed of zlib,
/// and a little smaller. Only for x86-64, with Linux or macOS.
///
/// Of what it inherits from [Deflater], this much works: the input begins at 0 and is not empty,
/// and one call with room enough takes all of it.
final class IntelDeflate {
  /// Held, since a logger that nobody holds forgets its level: it reports each load as news.
  private static final Logger LOGGER = Logger.getLogger("com.intel.gkl");

  private static final boolean LOADED = load();

  private IntelDeflate() {}

  /// Whether it is to be had here. The first call takes 50 ms, to unpack and load a native library.
  static boolean available() {
    return LOADED;
  }

  /// One for raw deflate, level 1.
  static Deflater deflater() {
    return new IntelDeflater(Deflater.BEST_SPEED, true);
  }

  private static boolean load() {
    LOGGER.setLevel(Level.OFF);
    try {
      return new IntelDeflater(Deflater.BEST_SPEED, true).load(null);
    } catch (LinkageError | RuntimeException elsewhere) {
      return false; // another processor, or the library is not on the class path
    }
  }
}
