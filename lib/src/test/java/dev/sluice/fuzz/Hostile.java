package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Input that somebody made to do harm: any bytes, and good input with parts of it cut, doubled,
/// swapped, flipped or repeated very often. How many tries there are is the setting
/// `-Djqwik.tries.default` (100).
public final class Hostile {
  /// Every build tries the same; a long run with another seed is one edit away.
  public static final String SEED = "415239";

  // It is an endless loop that is looked for, not a slow machine.
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private Hostile() {}

  @FunctionalInterface
  public interface Reading {
    void run() throws Exception;
  }

  /// The reading ends in time, with a result or with a refusal of ours that says something. Errors
  /// of the JVM and exceptions that only a mistake throws are neither.
  public static void readOrRefused(Reading reading) {
    var begin = System.nanoTime();
    try {
      reading.run();
    } catch (Exception refused) {
      assertThat(isOurs(refused)).as("%s", trace(refused)).isTrue();
    } catch (StackOverflowError | OutOfMemoryError error) {
      throw new AssertionError("The reading fails with " + error, error);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST);
  }

  private static boolean isOurs(Exception refused) {
    var message = refused.getMessage();
    var type = refused.getClass();
    var ours =
        type.getName().startsWith("dev.sluice.")
            || type == IllegalArgumentException.class
            || type == java.io.UncheckedIOException.class
            || type == java.util.NoSuchElementException.class;
    return ours && message != null && message.length() > 10;
  }

  private static String trace(Exception failed) {
    var text = new java.io.StringWriter();
    failed.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  /// Bytes: any, and changed ones of the samples.
  public static Arbitrary<byte[]> bytes(String... samples) {
    var any = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    var texts = texts(samples).map(text -> text.getBytes(StandardCharsets.UTF_8));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, any),
        net.jqwik.api.Tuple.of(3, texts),
        net.jqwik.api.Tuple.of(2, Combinators.combine(texts, any).as(Hostile::flipped)));
  }

  /// Texts: of the signs of the samples, and changed ones of them.
  public static Arbitrary<String> texts(String... samples) {
    var signs = String.join("", samples) + "\u0000\t\u00a0\u2028\ud83d\uf026\uf02c";
    var any = Arbitraries.strings().withChars(signs.toCharArray()).ofMaxLength(60);
    var changes =
        Combinators.combine(
                Arbitraries.of(Change.values()),
                Arbitraries.integers().between(0, 1_000_000),
                Arbitraries.integers().between(0, 1_000_000))
            .as(Edit::new)
            .list()
            .ofMinSize(1)
            .ofMaxSize(6);
    var changed =
        Combinators.combine(Arbitraries.of(samples), changes)
            .as((sample, edits) -> {
              var text = sample;
              for (var edit : edits) text = edit.of(text);
              return text;
            });
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, any), net.jqwik.api.Tuple.of(4, changed));
  }

  private enum Change {
    CUT,
    DOUBLE,
    SWAP,
    REPEAT,
    NEST,
    NUMBER,
    SIGN
  }

  private record Edit(Change change, int one, int other) {
    String of(String text) {
      if (text.isEmpty() || text.length() > 100_000) return text;
      var from = Math.min(one % text.length(), other % text.length());
      var to = Math.max(one % text.length(), other % text.length());
      var part = text.substring(from, to);
      var before = text.substring(0, from);
      var after = text.substring(to);
      return switch (change) {
        case CUT -> before + after;
        case DOUBLE -> before + part + part + after;
        case SWAP -> after + part + before;
        case REPEAT -> before + part.repeat(part.length() < 20 ? one % 300 : 3) + after;
        case NEST ->
            before
                + List.of("[", "{", "{\"a\":", "(", "<", "- ", "a.")
                    .get(one % 7)
                    .repeat(other % 2_000)
                + after;
        case NUMBER ->
            before
                + List.of("9", "1e9", "-0.", "0x", "1:", "1_", "1E999999999 ")
                    .get(one % 7)
                    .repeat(1 + other % 30_000 / (one % 2 == 0 ? 1 : 5_000))
                + after;
        case SIGN -> before + (char) (one % 2 == 0 ? one % 128 : other % 0xffff) + after;
      };
    }
  }

  private static byte[] flipped(byte[] text, byte[] noise) {
    var changed = text.clone();
    for (int at = 0; at < noise.length && changed.length > 0; at += 40) {
      changed[Math.floorMod(noise[at] * 131 + at, changed.length)] ^= noise[at];
    }
    return changed;
  }
}
