package dev.sluice.resource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.UUID;

/// Comparing and converting the values of cursors: those of the rows, of the state, and declared
/// ones, which may be of several classes for one meaning.
final class CursorValue {
  /// What a value means; values of different kinds cannot be compared.
  enum Kind {
    NUMBER("a number"),
    TEXT("text"),
    INSTANT("a time with a zone"),
    WALL_CLOCK("a time without a zone"),
    DATE("a date"),
    TIME("a time of day"),
    OTHER("another kind of value");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private CursorValue() {}

  static Kind kind(Object value) {
    return switch (value) {
      case Number number -> Kind.NUMBER;
      case CharSequence text -> Kind.TEXT;
      case Instant time -> Kind.INSTANT;
      case OffsetDateTime time -> Kind.INSTANT;
      case ZonedDateTime time -> Kind.INSTANT;
      case java.sql.Timestamp time -> Kind.WALL_CLOCK;
      case java.sql.Date date -> Kind.DATE;
      case java.sql.Time time -> Kind.TIME;
      case Date time -> Kind.INSTANT;
      case LocalDateTime time -> Kind.WALL_CLOCK;
      case LocalDate date -> Kind.DATE;
      case LocalTime time -> Kind.TIME;
      default -> Kind.OTHER;
    };
  }

  /// Compares two values of one kind; others are an IllegalArgumentException.
  static int compare(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof Integer a && right instanceof Integer b) {
      return Integer.compare(a, b);
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    var kind = kind(left);
    if (kind != kind(right)) {
      throw new IllegalArgumentException(
          "'" + left + "' is " + kind.words + ", '" + right + "' is " + kind(right).words);
    }
    return switch (kind) {
      case NUMBER -> number((Number) left, (Number) right);
      case TEXT -> left.toString().compareTo(right.toString());
      case INSTANT -> instant(left).compareTo(instant(right));
      case WALL_CLOCK -> wallClock(left).compareTo(wallClock(right));
      case DATE -> date(left).compareTo(date(right));
      case TIME -> time(left).compareTo(time(right));
      case OTHER -> other(left, right);
    };
  }

  static Instant instant(Object value) {
    return switch (value) {
      case Instant time -> time;
      case OffsetDateTime time -> time.toInstant();
      case ZonedDateTime time -> time.toInstant();
      case Date time -> time.toInstant();
      default -> throw new IllegalArgumentException("'" + value + "' is no time with a zone");
    };
  }

  static LocalDateTime wallClock(Object value) {
    return switch (value) {
      case LocalDateTime time -> time;
      case java.sql.Timestamp time -> time.toLocalDateTime();
      default -> throw new IllegalArgumentException("'" + value + "' is no time without a zone");
    };
  }

  static LocalDate date(Object value) {
    return value instanceof java.sql.Date date ? date.toLocalDate() : (LocalDate) value;
  }

  /// The value as the wall clock (UTC) or as the instant that the other is, if they differ in that.
  static Object adapted(Object value, Object other) {
    var kind = kind(value);
    var wanted = kind(other);
    if (kind == Kind.INSTANT && wanted == Kind.WALL_CLOCK) {
      return LocalDateTime.ofInstant(instant(value), ZoneOffset.UTC);
    }
    if (kind == Kind.WALL_CLOCK && wanted == Kind.INSTANT) {
      return wallClock(value).atOffset(ZoneOffset.UTC);
    }
    return value;
  }

  /// The value as the class that was declared, if it means the same; else as it is.
  static Object as(Object declared, Object value) {
    if (declared.getClass() == value.getClass()) {
      return value;
    }
    return switch (declared) {
      case Instant type when kind(value) == Kind.INSTANT -> instant(value);
      case OffsetDateTime type when kind(value) == Kind.INSTANT ->
          instant(value).atOffset(type.getOffset());
      case ZonedDateTime type when kind(value) == Kind.INSTANT ->
          instant(value).atZone(type.getZone());
      case LocalDateTime type when kind(value) == Kind.WALL_CLOCK -> wallClock(value);
      case LocalDate type when kind(value) == Kind.DATE -> date(value);
      case Integer type when whole(value) -> (Object) ((Number) value).intValue();
      case Long type when whole(value) -> (Object) ((Number) value).longValue();
      case Double type when value instanceof Number number -> (Object) number.doubleValue();
      case BigDecimal type when value instanceof Number number -> decimal(number);
      case BigInteger type when whole(value) -> decimal((Number) value).toBigInteger();
      case String type when kind(value) == Kind.TEXT -> value.toString();
      default -> value;
    };
  }

  private static boolean whole(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger;
  }

  private static int number(Number left, Number right) {
    if (whole(left) && whole(right) && !big(left) && !big(right)) {
      return Long.compare(left.longValue(), right.longValue());
    }
    if (floating(left) || floating(right)) {
      var a = left.doubleValue();
      var b = right.doubleValue();
      if (!Double.isFinite(a) || !Double.isFinite(b)) {
        return Double.compare(a, b);
      }
    }
    return decimal(left).compareTo(decimal(right));
  }

  private static boolean big(Number number) {
    return number instanceof BigInteger;
  }

  private static boolean floating(Number number) {
    return number instanceof Double || number instanceof Float;
  }

  static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger whole -> new BigDecimal(whole);
      case Double real -> new BigDecimal(real);
      case Float real -> new BigDecimal(real);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  private static LocalTime time(Object value) {
    return value instanceof java.sql.Time time ? time.toLocalTime() : (LocalTime) value;
  }

  @SuppressWarnings("unchecked")
  private static int other(Object left, Object right) {
    if (left.getClass() != right.getClass() || !(left instanceof Comparable<?> comparable)) {
      throw new IllegalArgumentException(
          "'"
              + left
              + "' ("
              + left.getClass().getSimpleName()
              + ") and '"
              + right
              + "' ("
              + right.getClass().getSimpleName()
              + ") cannot be compared");
    }
    return left instanceof UUID
        ? left.toString().compareTo(right.toString())
        : ((Comparable<Object>) comparable).compareTo(right);
  }
}
