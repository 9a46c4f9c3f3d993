package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/// The name of a job file: `<table>.<file id>.<retry>.<format>[.gz]`.
///
/// Characters of a table's name that a file name cannot hold are written as `%XX`; names longer
/// than a file system allows are cut and end in a checksum (the manifest keeps the true name).
@Seam
public record JobName(String table, String fileId, int retry, String format, boolean compressed) {
  private static final int MAX_TABLE_BYTES = 180;
  private static final String UNSAFE = "./\\:*?\"<>|%{}";

  /// The same job after one more attempt.
  public JobName nextRetry() {
    return new JobName(table, fileId, retry + 1, format, compressed);
  }

  /// The file's name in its job folder.
  public String fileName() {
    return encode(table) + "." + fileId + "." + retry + "." + format + (compressed ? ".gz" : "");
  }

  /// The name without the retry count; it stays the same for the life of the job.
  public String jobId() {
    return encode(table) + "." + fileId + "." + format + (compressed ? ".gz" : "");
  }

  /// Reads a file name; empty if it is not one of a job.
  public static Optional<JobName> parse(String fileName) {
    var parts = fileName.split("\\.", -1);
    var compressed = parts.length == 5 && parts[4].equals("gz");
    if (parts.length != 4 && !compressed) {
      return Optional.empty();
    }
    if (parts[0].isEmpty() || parts[1].isEmpty() || !parts[2].matches("\\d{1,9}")) {
      return Optional.empty();
    }
    return Optional.of(
        new JobName(decode(parts[0]), parts[1], Integer.parseInt(parts[2]), parts[3], compressed));
  }

  JobName withTable(String name) {
    return new JobName(name, fileId, retry, format, compressed);
  }

  private static String encode(String table) {
    var encoded = new StringBuilder(table.length());
    table
        .codePoints()
        .forEach(c -> {
          if (c < 0x20 || c == 0x7f || UNSAFE.indexOf(c) >= 0) {
            encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
          } else {
            encoded.appendCodePoint(c);
          }
        });
    var bytes = encoded.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_TABLE_BYTES) {
      return encoded.toString();
    }
    var checksum = new CRC32();
    checksum.update(bytes);
    var kept = new StringBuilder();
    var used = 0;
    for (var c : encoded.codePoints().toArray()) {
      used += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
      if (used > MAX_TABLE_BYTES - 9 || (c == '%' && used > MAX_TABLE_BYTES - 12)) {
        break;
      }
      kept.appendCodePoint(c);
    }
    return kept + "~" + HexFormat.of().toHexDigits((int) checksum.getValue());
  }

  private static String decode(String encoded) {
    if (encoded.indexOf('%') < 0) {
      return encoded;
    }
    var decoded = new StringBuilder(encoded.length());
    for (var i = 0; i < encoded.length(); i++) {
      var c = encoded.charAt(i);
      if (c == '%'
          && i + 2 < encoded.length()
          && HexFormat.isHexDigit(encoded.charAt(i + 1))
          && HexFormat.isHexDigit(encoded.charAt(i + 2))) {
        decoded.append((char) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }
}
