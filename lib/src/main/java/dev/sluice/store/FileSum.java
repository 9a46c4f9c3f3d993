package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/// What a file was written with: its size, and the CRC32C of its bytes as 8 hexadecimal digits.
///
/// - `crc32c`: null if nobody summed it, as in packages of other tools and of earlier releases
@Seam
public record FileSum(long bytes, @Nullable String crc32c) {
  private static final int CHUNK = 256 * 1024;

  /// The sum of bytes that were given to `checksum` one after another.
  public static FileSum of(long bytes, Checksum checksum) {
    return new FileSum(bytes, hex(checksum));
  }

  static FileSum of(byte[] content) {
    return of(content, 0);
  }

  /// The sum of what stands from `offset` on.
  static FileSum of(byte[] content, int offset) {
    var checksum = new CRC32C();
    checksum.update(content, offset, content.length - offset);
    return of(content.length - offset, checksum);
  }

  /// Reads a file to its end.
  public static FileSum read(Path file) throws IOException {
    return read(file, Long.MAX_VALUE, () -> false);
  }

  /// Reads at most `limit` bytes of a file, or fewer if it is told to stop.
  static FileSum read(Path file, long limit, BooleanSupplier stopped) throws IOException {
    var checksum = new CRC32C();
    var total = 0L;
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(1, channel.size())));
      while (total < limit && !stopped.getAsBoolean()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), limit - total));
        int count = channel.read(buffer);
        if (count < 0) {
          break;
        }
        checksum.update(buffer.array(), 0, count);
        total += count;
      }
    }
    return of(total, checksum);
  }

  static String hex(Checksum checksum) {
    return HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  /// Whether a file that is now so is the one that was written; without a checksum its size has to
  /// do.
  boolean fits(FileSum now) {
    return bytes == now.bytes && (crc32c == null || crc32c.equals(now.crc32c));
  }
}
