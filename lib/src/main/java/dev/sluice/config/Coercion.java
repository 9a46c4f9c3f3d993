package dev.sluice.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A raw value of a file or variable as the type that was asked for.
final class Coercion {
  /// Of a number; reading one takes time that grows with their square.
  private static final int MAX_DIGITS = 1_000;

  private static final BigDecimal MAX_SECONDS =
      BigDecimal.valueOf(Long.MAX_VALUE, 9).setScale(0, RoundingMode.DOWN);
  private static final Pattern SHORT_NUMBER = Pattern.compile("-?\\d{1,9}");

  private Coercion() {}

  /// Empty if the value is nothing of the kind.
  static <T> Optional<T> to(Class<T> type, Object value) {
    return Optional.ofNullable(convert(type, value)).map(type::cast);
  }

  /// What a value of this type looks like, for the person who wrote another.
  static String expectation(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    return switch (type.getSimpleName()) {
      case "Integer", "Long" -> "a whole number";
      case "Double" -> "a number";
      case "Boolean" -> "true or false";
      case "Duration" -> "a number of seconds, not negative";
      case "List" -> "a list";
      case "Map" -> "a table";
      default -> "text";
    };
  }

  private static @Nullable Object convert(Class<?> type, Object value) {
    if (type == Object.class || type.isInstance(value)) {
      return value;
    }
    if (type == String.class) {
      return scalar(value) ? value.toString() : null;
    }
    if (type == Secret.class) {
      return scalar(value) ? Secret.of(value.toString()) : null;
    }
    if (type == Boolean.class) {
      return bool(value);
    }
    if (type == List.class) {
      return list(value);
    }
    if (type.isEnum()) {
      return constant(type, value);
    }
    return number(type, value);
  }

  private static boolean scalar(Object value) {
    return !(value instanceof Map || value instanceof List);
  }

  private static @Nullable Object bool(Object value) {
    return switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1", "t", "y" -> value instanceof Number ? null : true;
      case "false", "no", "off", "0", "f", "n" -> value instanceof Number ? null : false;
      default -> null;
    };
  }

  private static @Nullable Object list(Object value) {
    if (!(value instanceof String text)) {
      return null;
    }
    if (text.strip().startsWith("[")) {
      // A JSON list of texts and numbers is a TOML list as well.
      try {
        return TomlFile.parse("a list", true, "list = " + text).at(List.of("list")).orElse(null);
      } catch (IllegalArgumentException malformed) {
        return null;
      }
    }
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static @Nullable Object constant(Class<?> type, Object value) {
    var wanted = value.toString().strip().replace('-', '_');
    for (var constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equalsIgnoreCase(wanted)) {
        return constant;
      }
    }
    return null;
  }

  private static @Nullable Object number(Class<?> type, Object value) {
    if (!(value instanceof Number) && !(value instanceof String)) {
      return null;
    }
    var text = value.toString().strip().replace("_", "");
    if (text.length() > MAX_DIGITS) {
      return null;
    }
    if (type == Integer.class && SHORT_NUMBER.matcher(text).matches()) {
      return Integer.valueOf(text); // without the big numbers, which take 50 ms when first used
    }
    try {
      var number = new BigDecimal(text);
      if (type == Integer.class) {
        return number.intValueExact();
      }
      if (type == Long.class) {
        return number.longValueExact();
      }
      if (type == Double.class) {
        return number.doubleValue();
      }
      if (type == Duration.class) {
        return number.signum() < 0 || number.compareTo(MAX_SECONDS) > 0
            ? null
            : Duration.ofNanos(number.movePointRight(9).longValue());
      }
    } catch (ArithmeticException | NumberFormatException other) {
      return null;
    }
    throw new IllegalArgumentException("Settings cannot be read as " + type);
  }
}
