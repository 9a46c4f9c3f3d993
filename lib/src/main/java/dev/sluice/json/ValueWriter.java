package dev.sluice.json;

import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JsonNode;

/// One Java value to JSON tokens. Called for every value of every row, so the common types come
/// first and nothing is allocated for them.
final class ValueWriter {
  private static final BigInteger LOWEST_NUMBER = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger HIGHEST_NUMBER =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private ValueWriter() {}

  static void write(JsonGenerator out, @Nullable Object value, Style style) {
    try {
      value(out, value, style, 0);
    } catch (JacksonIOException failed) {
      throw new UncheckedIOException(failed.getCause());
    } catch (JacksonException refused) {
      throw refused(
          JsonStreams.path(out.streamWriteContext()),
          "is not writable: " + refused.getOriginalMessage(),
          refused);
    }
  }

  // A pattern switch would ask the classes in turn too, through a bootstrapped call site.
  @SuppressWarnings("IfChainToSwitch")
  static void value(JsonGenerator out, @Nullable Object value, Style style, int depth) {
    if (value instanceof String text) {
      text(out, text, style);
    } else if (value instanceof Integer number) {
      out.writeNumber(number.intValue());
    } else if (value instanceof Long number) {
      out.writeNumber(number.longValue());
    } else if (value == null) {
      out.writeNull();
    } else if (value instanceof Double number) {
      floating(out, number, style);
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Map<?, ?> map) {
      MapWriter.write(out, map, style, enter(out, map, depth));
    } else if (value instanceof Collection<?> list) {
      collection(out, list, style, enter(out, list, depth));
    } else if (value instanceof Temporal temporal) {
      temporal(out, temporal, style);
    } else if (value instanceof BigDecimal number) {
      refuseEndless(out, number);
      marked(out, TypeMark.DECIMAL, number.toString(), style);
    } else if (value instanceof Record row) {
      RecordShape.of(row.getClass()).write(out, row, style, enter(out, row, depth));
    } else if (value instanceof JsonNode node) {
      NodeWriter.write(out, node, style, node.isContainer() ? enter(out, node, depth) : depth);
    } else {
      rare(out, value, style, depth);
    }
  }

  private static void rare(JsonGenerator out, Object value, Style style, int depth) {
    switch (value) {
      case Enum<?> constant -> text(out, constant.name(), style);
      case BigInteger number -> integer(out, number, style);
      case byte[] bytes -> bytes(out, bytes, style);
      case ByteBuffer buffer -> {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        bytes(out, bytes, style);
      }
      case UUID id -> out.writeString(id.toString());
      case Optional<?> optional -> value(out, optional.orElse(null), style, depth);
      case Number number -> number(out, number, style);
      case CharSequence text -> text(out, text.toString(), style);
      case Character character -> text(out, character.toString(), style);
      case Date date -> temporal(out, IsoText.temporalOf(date), style);
      case Iterable<?> items when !(value instanceof java.nio.file.Path) ->
          iterable(out, items, style, enter(out, items, depth));
      default -> {
        var text = IsoText.plainText(value);
        if (text != null) {
          text(out, text, style);
        } else if (value.getClass().isArray()) {
          array(out, value, style, enter(out, value, depth));
        } else {
          throw refusal(
              out,
              "is of "
                  + value.getClass()
                  + ", which has no JSON form; make it a record, a Map or text");
        }
      }
    }
  }

  static void text(JsonGenerator out, String text, Style style) {
    if (!wellFormed(text)) {
      throw refusal(out, "holds half a surrogate pair, which is no text; repair or drop it");
    }
    if (style == Style.TYPED && TypeMark.needsEscape(text)) {
      out.writeString(TypeMark.TEXT + text);
    } else {
      out.writeString(text);
    }
  }

  static void marked(JsonGenerator out, char mark, String text, Style style) {
    out.writeString(style.marked ? mark + text : text);
  }

  static void floating(JsonGenerator out, double number, Style style) {
    if (Double.isFinite(number)) {
      if (style.canonical) {
        out.writeNumber(CanonicalNumber.of(number));
      } else {
        out.writeNumber(number);
      }
    } else if (style.marked) {
      out.writeString(TypeMark.DECIMAL + Double.toString(number));
    } else {
      throw refusal(out, "is '" + number + "', which JSON cannot hold; send it as text or null");
    }
  }

  /// What nobody would read again is not written either.
  private static void refuseEndless(JsonGenerator out, BigDecimal number) {
    if (number.precision() > TypedValues.MAX_DIGITS) {
      throw refusal(
          out,
          "is a number of %d digits, of which at most %d are written; send it as text"
              .formatted(number.precision(), TypedValues.MAX_DIGITS));
    }
  }

  static void integer(JsonGenerator out, BigInteger number, Style style) {
    if (number.bitLength() > Long.SIZE) {
      refuseEndless(out, new BigDecimal(number));
    }
    var fits = number.compareTo(LOWEST_NUMBER) >= 0 && number.compareTo(HIGHEST_NUMBER) <= 0;
    if (fits || !style.marked) {
      out.writeNumber(number);
    } else {
      out.writeString(TypeMark.WEI + number.toString());
    }
  }

  static void bytes(JsonGenerator out, byte[] bytes, Style style) {
    marked(out, TypeMark.BASE64_BYTES, Base64.getEncoder().encodeToString(bytes), style);
  }

  private static void number(JsonGenerator out, Number number, Style style) {
    switch (number) {
      case Float single when Float.isFinite(single) && !style.canonical ->
          out.writeNumber(single.floatValue());
      // By its text, so that 0.1f is 0.1 and not 0.10000000149.
      case Float single -> floating(out, Double.parseDouble(single.toString()), style);
      case Short small -> out.writeNumber(small.shortValue());
      case Byte small -> out.writeNumber(small.shortValue());
      case java.util.concurrent.atomic.AtomicInteger counter -> out.writeNumber(counter.get());
      case java.util.concurrent.atomic.AtomicLong counter -> out.writeNumber(counter.get());
      case java.util.concurrent.atomic.LongAdder counter -> out.writeNumber(counter.sum());
      default ->
          throw refusal(
              out,
              "is a number of "
                  + number.getClass()
                  + "; make it a long, double, BigInteger or BigDecimal");
    }
  }

  private static void temporal(JsonGenerator out, Temporal temporal, Style style) {
    var mark = IsoText.markOf(temporal);
    if (mark == 0) {
      text(out, temporal.toString(), style);
      return;
    }
    // Python's longest spelling has 35 characters.
    var spelled = new char[40];
    var start = style.marked ? 1 : 0;
    spelled[0] = mark;
    int end;
    try {
      end = IsoText.spell(temporal, spelled, start);
    } catch (DateTimeException unspellable) {
      throw refusal(out, String.valueOf(unspellable.getMessage()));
    }
    out.writeString(spelled, 0, end);
  }

  private static void collection(JsonGenerator out, Collection<?> items, Style style, int depth) {
    out.writeStartArray(items);
    if (items instanceof List<?> list && items instanceof RandomAccess) {
      for (int i = 0, size = list.size(); i < size; i++) {
        value(out, list.get(i), style, depth);
      }
    } else {
      for (var item : items) {
        value(out, item, style, depth);
      }
    }
    out.writeEndArray();
  }

  private static void iterable(JsonGenerator out, Iterable<?> items, Style style, int depth) {
    out.writeStartArray(items);
    for (var item : items) {
      value(out, item, style, depth);
    }
    out.writeEndArray();
  }

  private static void array(JsonGenerator out, Object array, Style style, int depth) {
    out.writeStartArray(array);
    for (int i = 0, length = Array.getLength(array); i < length; i++) {
      value(out, Array.get(array, i), style, depth);
    }
    out.writeEndArray();
  }

  /// One level deeper, unless that is too deep; says so if the container stands within itself.
  @SuppressWarnings("ReferenceEquality")
  private static int enter(JsonGenerator out, Object container, int depth) {
    if (depth < JsonStreams.MAX_DEPTH) {
      return depth + 1;
    }
    for (var at = out.streamWriteContext(); at != null; at = at.getParent()) {
      if (at.currentValue() == container) {
        throw refusal(out, "holds itself; rows must be trees");
      }
    }
    throw refusal(
        out,
        "is nested deeper than "
            + JsonStreams.MAX_DEPTH
            + " levels; flatten it or send the deep part as text");
  }

  /// A refusal of the value that would be written next.
  static IllegalArgumentException refusal(JsonGenerator out, String what) {
    return refused(JsonStreams.pathOfNext(out.streamWriteContext()), what, null);
  }

  static IllegalArgumentException refused(String path, String what, @Nullable Throwable cause) {
    return new IllegalArgumentException("The value at " + path + " " + what, cause);
  }

  static boolean wellFormed(String text) {
    for (int i = 0, length = text.length(); i < length; i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return pairsFrom(text, i);
      }
    }
    return true;
  }

  private static boolean pairsFrom(String text, int start) {
    var at = start;
    while (at < text.length()) {
      var point = text.codePointAt(at);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        return false;
      }
      at += Character.charCount(point);
    }
    return true;
  }
}
