package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/// JSON objects that check themselves: the first key holds the CRC32C of all that stands behind it.
///
/// To everybody else they are objects with one key more.
@Seam
public final class SelfChecked {
  private static final byte[] BEGIN = "{\"crc32c\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 8;
  private static final int PREFIX = BEGIN.length + DIGITS + 2; // behind it: the first other key

  private SelfChecked() {}

  /// The object with its checksum in front; it must have a key and begin with its brace.
  public static byte[] seal(byte[] object) {
    if (object.length < 3 || object[0] != '{' || object[1] != '"') {
      throw new IllegalArgumentException("not an object of JSON with a key at its begin");
    }
    var sum = FileSum.of(object, 1).crc32c();
    var head = (new String(BEGIN, StandardCharsets.US_ASCII) + sum + "\",");
    var sealed =
        Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), PREFIX + object.length - 1);
    System.arraycopy(object, 1, sealed, PREFIX, object.length - 1);
    return sealed;
  }

  /// Whether it begins with a checksum; an object of an earlier release does not.
  public static boolean isSealed(byte[] bytes) {
    return bytes.length > PREFIX && Arrays.equals(bytes, 0, BEGIN.length, BEGIN, 0, BEGIN.length);
  }

  /// Refuses an object whose checksum does not fit, with the words of `refusal`.
  public static void require(byte[] sealed, Supplier<? extends RuntimeException> refusal) {
    var sum = FileSum.of(sealed, PREFIX).crc32c();
    var written = new String(sealed, BEGIN.length, DIGITS, StandardCharsets.ISO_8859_1);
    if (!written.equals(sum) || sealed[PREFIX - 2] != '"' || sealed[PREFIX - 1] != ',') {
      throw refusal.get();
    }
  }
}
