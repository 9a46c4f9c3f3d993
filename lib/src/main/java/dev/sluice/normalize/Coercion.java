package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// From a value to the type of its column, by dlt's table of what may follow what.
///
/// Values are those of an extracted file: String, Long, BigInteger, Double, Boolean, BigDecimal,
/// OffsetDateTime, LocalDateTime, LocalDate, LocalTime, byte[], UUID, Map, Iterable.
final class Coercion {
  private static final BigInteger WEI_END = BigInteger.TEN.pow(38);

  private Coercion() {}

  /// The type a value has by itself.
  ///
  /// A BigInteger is `wei`, the type for whole numbers of up to 38 digits (dlt has a wrapper for
  /// them, and calls plain ones `bigint`, which no BIGINT column then holds); beyond 38 digits it
  /// is `text`.
  static DataType typeOf(Object value) {
    return switch (value) {
      case String text -> DataType.TEXT;
      case Long number -> DataType.BIGINT;
      case Double number -> DataType.DOUBLE;
      case Boolean flag -> DataType.BOOL;
      case BigDecimal number -> DataType.DECIMAL;
      case OffsetDateTime time -> DataType.TIMESTAMP;
      case LocalDateTime time -> DataType.TIMESTAMP;
      case LocalDate date -> DataType.DATE;
      case LocalTime time -> DataType.TIME;
      case OffsetTime time -> DataType.TIME;
      case BigInteger number -> number.abs().compareTo(WEI_END) < 0 ? DataType.WEI : DataType.TEXT;
      case byte[] bytes -> DataType.BINARY;
      case UUID id -> DataType.TEXT;
      case Map<?, ?> map -> DataType.JSON;
      case Iterable<?> list -> DataType.JSON;
      default ->
          throw new IllegalArgumentException(
              "A value of " + value.getClass() + " cannot stand in an extracted file");
    };
  }

  /// The value as the column holds it, checked against its precision as well.
  static Object coerce(ColumnSchema column, Object value) throws CannotCoerce {
    return coerce(ColumnForm.of(column), value);
  }

  /// As [#coerce(ColumnSchema, Object)].
  static Object coerce(ColumnForm column, Object value) throws CannotCoerce {
    var coerced = coerce(column.type(), value);
    var misfit = column.misfit(coerced);
    if (misfit != null) {
      throw CannotCoerce.because(misfit);
    }
    return coerced;
  }

  /// The value as that type; the JSON text `null` becomes [JsonNull].
  static Object coerce(DataType to, Object value) throws CannotCoerce {
    return switch (to) {
      case TEXT -> text(value);
      case BIGINT -> bigint(value);
      case DOUBLE -> floating(value);
      case DECIMAL -> decimal(value);
      case WEI -> wei(value);
      case BOOL -> bool(value);
      case TIMESTAMP -> timestamp(value);
      case DATE -> date(value);
      case TIME -> time(value);
      case BINARY -> BinaryText.coerce(value);
      case JSON -> json(value);
    };
  }

  private static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Double number -> PlainText.python(number);
      // As JSON spells it, where dlt says True and False.
      case Boolean flag -> flag.toString();
      case BigDecimal number -> number.toString();
      case OffsetDateTime time -> PlainText.iso(time);
      case LocalDateTime time -> PlainText.iso(time);
      case LocalDate date -> PlainText.iso(date);
      case LocalTime time -> PlainText.iso(time);
      case OffsetTime time -> PlainText.iso(utc(time));
      case byte[] bytes -> BinaryText.base64(bytes);
      case Map<?, ?> map -> JsonText.of(map);
      case Iterable<?> list -> JsonText.of(list);
      default -> value.toString();
    };
  }

  private static Object bigint(Object value) throws CannotCoerce {
    switch (value) {
      case Long number -> {
        return number;
      }
      case BigInteger number -> {
        return NumberText.shortest(number);
      }
      case String text -> {
        var number = NumberText.integer(text);
        if (number != null) {
          return number;
        }
      }
      case Double number -> {
        if (number % 1 == 0) {
          return whole(new BigDecimal(number), value);
        }
      }
      case BigDecimal number -> {
        return whole(number, value);
      }
      default -> {}
    }
    throw CannotCoerce.of(value, "bigint");
  }

  private static Number whole(BigDecimal number, Object value) throws CannotCoerce {
    // Digits before the point first: 1e1000000000 is whole, but nothing to spell out.
    if ((long) number.precision() - number.scale() <= 4300) {
      try {
        return NumberText.shortest(number.toBigIntegerExact());
      } catch (ArithmeticException fraction) {
        throw CannotCoerce.of(value, "bigint");
      }
    }
    throw CannotCoerce.of(value, "bigint");
  }

  private static Double floating(Object value) throws CannotCoerce {
    switch (value) {
      case Double number -> {
        return number;
      }
      case Long number -> {
        return number.doubleValue();
      }
      case BigInteger number -> {
        var floating = number.doubleValue();
        if (Double.isFinite(floating)) {
          return floating;
        }
      }
      case BigDecimal number -> {
        return number.doubleValue();
      }
      case String text -> {
        // NaN and the infinities are loaded; dlt takes them and then cannot load them.
        var number = NumberText.floating(text);
        if (number != null) {
          return number;
        }
      }
      default -> {}
    }
    throw CannotCoerce.of(value, "double");
  }

  private static Object decimal(Object value) throws CannotCoerce {
    switch (value) {
      case BigDecimal number -> {
        return number;
      }
      case Long number -> {
        return BigDecimal.valueOf(number);
      }
      case BigInteger number -> {
        return new BigDecimal(number);
      }
      case Double number -> {
        if (Double.isFinite(number)) {
          return new BigDecimal(PlainText.python(number));
        }
      }
      case String text -> {
        var number = NumberText.decimal(text);
        if (number != null) {
          return number;
        }
      }
      default -> {}
    }
    throw CannotCoerce.of(value, "decimal");
  }

  private static Object wei(Object value) throws CannotCoerce {
    if (value instanceof BigInteger || value instanceof Long) {
      return value;
    }
    try {
      return decimal(value);
    } catch (CannotCoerce noDecimal) {
      throw CannotCoerce.of(value, "wei");
    }
  }

  private static Boolean bool(Object value) throws CannotCoerce {
    switch (value) {
      case Boolean flag -> {
        return flag;
      }
      case Long number -> {
        return number != 0;
      }
      case Double number -> {
        return number != 0;
      }
      case BigInteger number -> {
        return number.signum() != 0;
      }
      case BigDecimal number -> {
        return number.signum() != 0;
      }
      case String text -> {
        switch (text.length() > 5 ? text : text.toLowerCase(Locale.ROOT)) {
          case "yes", "true", "t", "y", "1" -> {
            return true;
          }
          case "no", "false", "f", "n", "0" -> {
            return false;
          }
          default -> {}
        }
      }
      default -> {}
    }
    throw CannotCoerce.of(value, "bool");
  }

  private static Object timestamp(Object value) throws CannotCoerce {
    switch (value) {
      case OffsetDateTime time -> {
        return time;
      }
      case LocalDateTime time -> {
        return time;
      }
      case LocalDate date -> {
        return date.atStartOfDay();
      }
      case Long seconds -> {
        return Epoch.of(seconds);
      }
      case Double seconds -> {
        return Epoch.of(seconds);
      }
      case String text -> {
        switch (IsoText.parse(text)) {
          case OffsetDateTime time -> {
            return time;
          }
          case LocalDateTime time -> {
            return time;
          }
          case LocalDate date -> {
            return date.atStartOfDay();
          }
          case null -> {
            var seconds = NumberText.decimalFloating(text);
            if (seconds != null) {
              return Epoch.of(seconds);
            }
          }
          default -> {}
        }
      }
      default -> {}
    }
    throw CannotCoerce.of(value, "timestamp");
  }

  private static LocalDate date(Object value) throws CannotCoerce {
    if (value instanceof LocalDate date) {
      return date;
    }
    try {
      return switch (timestamp(value)) {
        case OffsetDateTime time -> time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
        case LocalDateTime time -> time.toLocalDate();
        default -> throw CannotCoerce.of(value, "date");
      };
    } catch (CannotCoerce | DateTimeException noTimestamp) {
      throw CannotCoerce.of(value, "date");
    }
  }

  private static LocalTime time(Object value) throws CannotCoerce {
    return switch (value) {
      case LocalTime time -> time;
      case OffsetTime time -> utc(time);
      case String text ->
          switch (IsoText.parse(text)) {
            case LocalTime time -> time;
            case OffsetTime time -> utc(time);
            case null, default -> throw CannotCoerce.of(value, "time");
          };
      default -> throw CannotCoerce.of(value, "time");
    };
  }

  private static LocalTime utc(OffsetTime time) {
    return time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime();
  }

  private static Object json(Object value) throws CannotCoerce {
    return switch (value) {
      case Map<?, ?> map -> map;
      case Iterable<?> list -> list;
      case String text -> JsonText.parse(text);
      default -> throw CannotCoerce.of(value, "json");
    };
  }
}
