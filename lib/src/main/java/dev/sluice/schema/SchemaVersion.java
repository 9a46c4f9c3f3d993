package dev.sluice.schema;

import dev.sluice.json.CanonicalJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// dlt's content hash of a schema, and the version that counts its changes.
final class SchemaVersion {
  private SchemaVersion() {}

  /// The hash of all but versions and hashes; the order of columns counts, that of tables does not.
  static String hash(Map<String, ? extends @Nullable Object> dictionary) {
    var content = new LinkedHashMap<String, @Nullable Object>(dictionary);
    for (var key : List.of("version", "version_hash", "imported_version_hash", "previous_hashes"))
      content.remove(key);
    var sha3 = sha3();
    sha3.update(CanonicalJson.bytes(content, true));
    if (content.get("tables") instanceof Map<?, ?> tables) {
      var sorted = new TreeMap<String, Object>();
      tables.forEach((name, table) -> sorted.put((String) name, table));
      sorted.forEach((name, table) -> {
        sha3.update(name.getBytes(StandardCharsets.UTF_8));
        if (table instanceof Map<?, ?> map && map.get("columns") instanceof Map<?, ?> columns)
          for (var column : columns.keySet())
            sha3.update(((String) column).getBytes(StandardCharsets.UTF_8));
      });
    }
    return Base64.getEncoder().encodeToString(sha3.digest());
  }

  /// Sets `version`, `version_hash` and `previous_hashes` for the present content.
  static void bump(Map<String, Object> dictionary) {
    var hash = hash(dictionary);
    var previous = dictionary.get("version_hash");
    if (previous == null) {
      dictionary.putIfAbsent("version", 1);
    } else if (!hash.equals(previous)) {
      var version = dictionary.get("version") instanceof Number n ? n.intValue() : 0;
      dictionary.put("version", version + 1);
      keepPrevious(dictionary, previous);
    }
    dictionary.put("version_hash", hash);
  }

  /// Puts a hash in front of the previous ones, of which ten are kept.
  static void keepPrevious(Map<String, Object> dictionary, Object hash) {
    var hashes = new ArrayList<Object>();
    if (dictionary.get("previous_hashes") instanceof List<?> old) hashes.addAll(old);
    if (!hashes.contains(hash)) {
      hashes.add(0, hash);
      while (hashes.size() > Schema.MAX_PREVIOUS_HASHES) hashes.remove(hashes.size() - 1);
    }
    dictionary.put("previous_hashes", hashes);
  }

  /// Fails if what was written is of a newer form than this release knows.
  static void refuseNewer(String what, @Nullable Object engine, int known) {
    if (engine instanceof Number number && wide(number).compareTo(BigInteger.valueOf(known)) > 0)
      throw new IllegalArgumentException(
          "%s has engine version %s, but this release knows only up to %d; update Sluice"
              .formatted(what, shown(number), known));
  }

  /// Fails if a version is no number that counts changes.
  static void refuseBeyondInt(String what, @Nullable Object version) {
    if (version instanceof Number number && wide(number).bitLength() > 31)
      throw new IllegalArgumentException(
          "%s has version '%s', but it must be a whole number below 2147483648"
              .formatted(what, shown(number)));
  }

  private static BigInteger wide(Number number) {
    return switch (number) {
      case BigInteger whole -> whole;
      // Beyond a long any number of digits is too many; the digits are not written out.
      case BigDecimal decimal ->
          decimal.precision() - (long) decimal.scale() > 19
              ? BigInteger.TWO.pow(64)
              : decimal.toBigInteger();
      case Double real ->
          Math.abs(real) > Long.MAX_VALUE
              ? BigInteger.TWO.pow(64)
              : BigInteger.valueOf(real.longValue());
      default -> BigInteger.valueOf(number.longValue());
    };
  }

  private static String shown(Number number) {
    var text = number.toString();
    return text.length() > 30 ? text.substring(0, 30) + "…" : text;
  }

  private static MessageDigest sha3() {
    try {
      return MessageDigest.getInstance("SHA3-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA3-256", e);
    }
  }
}
