package dev.sluice.schema;

import dev.sluice.seam.Seam;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Makes `_dlt_id` values as ASCII bytes: 10 bytes, 14 characters of base64. One instance serves
/// one thread.
@Seam
public final class RowIds {
  /// Characters of an id.
  public static final int LENGTH = 14;

  private static final int BYTES = 10;
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  private final RandomGenerator random;
  private final Shake128 shake = new Shake128();
  private final byte[] digest = new byte[BYTES];
  private byte[] message = new byte[160];

  private RowIds(RandomGenerator random) {
    this.random = random;
  }

  /// Ids whose random ones come from `random`.
  public static RowIds of(RandomGenerator random) {
    return new RowIds(random);
  }

  /// A random id, written at `offset`.
  public void random(byte[] target, int offset) {
    long low = random.nextLong();
    long high = random.nextLong();
    for (int i = 0; i < 10; i++, low >>>= 6) target[offset + i] = ALPHABET[(int) (low & 63)];
    for (int i = 10; i < 13; i++, high >>>= 6) target[offset + i] = ALPHABET[(int) (high & 63)];
    target[offset + 13] = ALPHABET[(int) (high & 3) << 4]; // 80 bits: the last character has two
  }

  /// A random id.
  public String random() {
    var id = new byte[LENGTH];
    random(id, 0);
    return ascii(id);
  }

  /// The id of a nested row: made from its parent's id, its table and its place in the list.
  public void nested(
      byte[] parentId,
      int parentOffset,
      int parentLength,
      byte[] table,
      long index,
      byte[] target,
      int offset) {
    int needed = parentLength + table.length + 22;
    if (message.length < needed) message = new byte[needed];
    System.arraycopy(parentId, parentOffset, message, 0, parentLength);
    int at = parentLength;
    message[at++] = '_';
    System.arraycopy(table, 0, message, at, table.length);
    at += table.length;
    message[at++] = '_';
    at = digits(index, at);
    shake.digest(message, 0, at, digest);
    encode(target, offset);
  }

  /// The id of a nested row.
  public String nested(String parentId, String table, long index) {
    var parent = parentId.getBytes(StandardCharsets.UTF_8);
    var id = new byte[LENGTH];
    nested(parent, 0, parent.length, table.getBytes(StandardCharsets.UTF_8), index, id, 0);
    return ascii(id);
  }

  /// The id that is a hash of content.
  public String hash(byte[] content) {
    shake.digest(content, 0, content.length, digest);
    var id = new byte[LENGTH];
    encode(id, 0);
    return ascii(id);
  }

  private int digits(long number, int from) {
    int at = from;
    long rest = number;
    do {
      message[at++] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    for (int left = from, right = at - 1; left < right; left++, right--) {
      byte swapped = message[left];
      message[left] = message[right];
      message[right] = swapped;
    }
    return at;
  }

  private void encode(byte[] target, int offset) {
    int at = offset;
    for (int i = 0; i < 9; i += 3) {
      int bits = (digest[i] & 0xff) << 16 | (digest[i + 1] & 0xff) << 8 | (digest[i + 2] & 0xff);
      target[at++] = ALPHABET[bits >>> 18];
      target[at++] = ALPHABET[bits >>> 12 & 63];
      target[at++] = ALPHABET[bits >>> 6 & 63];
      target[at++] = ALPHABET[bits & 63];
    }
    int last = digest[9] & 0xff;
    target[at++] = ALPHABET[last >>> 2];
    target[at] = ALPHABET[(last & 3) << 4];
  }

  private static String ascii(byte[] id) {
    return new String(Arrays.copyOf(id, LENGTH), StandardCharsets.US_ASCII);
  }
}
