package dev.sluice.schema;

import dev.sluice.seam.Seam;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// dlt's short digests: base64 of SHAKE-128, without padding. Any length is a prefix of a longer
/// one.
@Seam
public final class Digests {
  private static final Base64.Encoder BASE64 = Base64.getEncoder().withoutPadding();

  private Digests() {}

  /// The digest of a text's UTF-8 bytes; 10 bytes make 14 characters, 15 make 20.
  public static String digest128(String text, int bytes) {
    return shake128(text.getBytes(StandardCharsets.UTF_8), bytes);
  }

  /// The digest of bytes.
  public static String shake128(byte[] input, int bytes) {
    var output = new byte[bytes];
    new Shake128().digest(input, 0, input.length, output);
    return BASE64.encodeToString(output);
  }
}
