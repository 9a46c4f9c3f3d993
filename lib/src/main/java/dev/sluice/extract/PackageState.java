package dev.sluice.extract;

import dev.sluice.json.CanonicalJson;
import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// `load_package_state.json` as dlt writes it: when the package was made, and what the load has to
/// do beside loading.
final class PackageState {
  private PackageState() {}

  /// The file's bytes; the package was made when its load id says.
  static byte[] bytes(String loadId, Map<String, Object> entries) {
    var content = new LinkedHashMap<String, Object>();
    content.put("created_at", OffsetDateTime.ofInstant(instant(loadId), ZoneOffset.UTC));
    content.putAll(entries);
    var state = new LinkedHashMap<String, Object>();
    state.put("_state_version", 1L);
    state.put("_state_engine_version", 1L);
    state.putAll(content);
    state.put("_version_hash", hash(content));
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, state);
    }
    return bytes.toByteArray();
  }

  private static Instant instant(String loadId) {
    var micros = new BigDecimal(loadId).movePointRight(6).longValue();
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
  }

  private static String hash(Map<String, Object> content) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA3-256").digest(CanonicalJson.bytes(content, true)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA3-256", e);
    }
  }
}
