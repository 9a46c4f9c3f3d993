package dev.sluice.json;

import dev.sluice.seam.Seam;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// The one spelling of a value that ids and versions are hashed from: compact, UTF-8, byte for byte
/// as dlt's.
///
/// Doubles are spelled with the fewest digits and always a fraction (`1.0`), plain from 1e-5 up to
/// 1e16 and like `1e+16`, `1.5e+300`, `1e-6` beyond; types are marked as in [TypedJson], text is
/// never escaped with U+F02E.
@Seam
public final class CanonicalJson {
  private CanonicalJson() {}

  /// The bytes to hash; sorted keys are in the order of their UTF-8 bytes, at every level.
  public static byte[] bytes(@Nullable Object value, boolean sortKeys) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      ValueWriter.write(out, value, sortKeys ? Style.CANONICAL_SORTED : Style.CANONICAL);
    }
    return bytes.toByteArray();
  }
}
