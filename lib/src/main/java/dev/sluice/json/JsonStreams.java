package dev.sluice.json;

import dev.sluice.seam.Seam;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/// The one way to open a JSON stream, so that the same limits hold everywhere.
///
/// Limits: 500 levels of nesting, 128 Mi characters a string, 50,000 a name, 10,000 a number.
@Seam
public final class JsonStreams {
  /// Levels of objects and lists within one row: twice what dlt writes, and far from the end of a
  /// stack.
  public static final int MAX_DEPTH = 500;

  // A line of an extracted file wraps its rows in a list, and a reader may add an object of its
  // own.
  private static final int WRAPPING_LEVELS = 4;
  private static final int MAX_STRING = 128 << 20;
  static final int MAX_NUMBER = 10_000;
  private static final int PATH_SEGMENTS = 12;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH + WRAPPING_LEVELS)
                  .maxStringLength(MAX_STRING)
                  .maxNumberLength(MAX_NUMBER)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH + WRAPPING_LEVELS + 1)
                  .build())
          .build();

  private JsonStreams() {}

  /// The factory itself, for readers and writers of tokens.
  public static JsonFactory factory() {
    return FACTORY;
  }

  /// A writer of UTF-8 bytes; closing it closes `out`.
  public static JsonGenerator generator(OutputStream out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
  }

  /// A reader of UTF-8 bytes; closing it closes `in`.
  public static JsonParser parser(InputStream in) {
    return FACTORY.createParser(ObjectReadContext.empty(), in);
  }

  /// A reader of a part of a buffer.
  public static JsonParser parser(byte[] buffer, int offset, int length) {
    return FACTORY.createParser(ObjectReadContext.empty(), buffer, offset, length);
  }

  /// Reads the value at the parser, or the next one if it stands before it, as [Json] does: text
  /// stays the text it is.
  public static @Nullable Object read(JsonParser in) {
    return ValueReader.read(in, false);
  }

  /// Reads the one value of a part of a buffer in the same way.
  public static @Nullable Object read(byte[] buffer, int offset, int length) {
    return Json.only(parser(buffer, offset, length));
  }

  /// Where a reader or writer stands, like `$.orders[3].price`; the middle of a long path is cut.
  public static String path(@Nullable TokenStreamContext context) {
    return path(context, 0);
  }

  /// Where the next value of a writer would stand.
  static String pathOfNext(TokenStreamContext context) {
    return path(context, 1);
  }

  private static String path(@Nullable TokenStreamContext context, int ahead) {
    var path = new StringBuilder();
    var segments = 0;
    for (var at = context; at != null && !at.inRoot(); at = at.getParent()) {
      segments++;
    }
    var left = segments;
    for (var at = context; at != null && !at.inRoot(); at = at.getParent(), left--) {
      if (segments <= PATH_SEGMENTS || left > segments - 4 || left <= 4) {
        path.insert(0, segment(at, left == segments ? ahead : 0));
      } else if (left == 5) {
        path.insert(0, "…");
      }
    }
    return path.insert(0, '$').toString();
  }

  private static String segment(TokenStreamContext at, int ahead) {
    if (at.inArray()) {
      var written = at.hasCurrentIndex() ? at.getCurrentIndex() : -1;
      return "[" + Math.max(0, written + ahead) + "]";
    }
    var name = at.currentName();
    return name == null ? "" : "." + name;
  }
}
