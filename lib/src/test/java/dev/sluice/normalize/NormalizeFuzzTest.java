package dev.sluice.normalize;

import dev.sluice.fuzz.Hostile;
import dev.sluice.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Packages of JSON that anybody made: tables come of it, or a refusal.
class NormalizeFuzzTest {
  @Property(seed = Hostile.SEED)
  void jsonBecomesTablesOrIsRefused(@ForAll("lines") String line) throws Exception {
    Path folder = Files.createTempDirectory("sluice-normalize");
    try {
      Hostile.readOrRefused(() -> {
        try (var extracted = Extracted.in(folder)) {
          extracted.add(Schema.of("shop"), "items", wellFormed(line).replace("\n", " "));
          extracted.normalize();
          extracted.rows();
          extracted.schema();
        }
      });
    } finally {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
      }
    }
  }

  /// Half a surrogate pair has no bytes.
  private static String wellFormed(String line) {
    return new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<String> lines() {
    return Hostile.texts(
        "[{\"id\":1,\"Name X\":\"a\",\"tags\":[1,\"x\",null,[2]],\"o\":{\"p\":{\"q\":1.5}}},{\"id\":2}]",
        "[{\"d\":\"\uf0261.50\",\"t\":\"\uf0272024-01-02T03:04:05+00:00\",\"w\":\"\uf02c123\",\"b\":\"\uf02b/wA=\"}]",
        "[{\"id\":\"x\",\"id_\":1,\"ID\":2,\"\":3,\"_dlt_id\":\"y\",\"a__b\":1,\"a\":{\"b\":2}}]");
  }
}
