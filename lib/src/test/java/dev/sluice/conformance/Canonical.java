package dev.sluice.conformance;

import dev.sluice.conformance.Markers.JsonContent;
import dev.sluice.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// A value as text that is equal for equal values only: decimals by value, timestamps by instant,
/// doubles bit by bit, keys sorted.
final class Canonical {
  private Canonical() {}

  /// The rows of a table as sorted texts, null columns and ignored ones left out.
  static List<String> rows(List<Map<String, Object>> rows, Set<String> ignore) {
    return rows.stream().map(row -> row(row, ignore)).sorted().toList();
  }

  static String row(Map<String, Object> row, Set<String> ignore) {
    var present = new TreeMap<String, Object>();
    row.forEach((key, value) -> {
      if (value != null && !ignore.contains(key)) present.put(key, value);
    });
    return text(present);
  }

  static String text(Object value) {
    return switch (value) {
      case null -> "null";
      case Boolean truth -> truth.toString();
      case Long number -> number.toString();
      case Integer number -> number.toString();
      case Short number -> number.toString();
      case Byte number -> number.toString();
      case BigInteger number -> number.toString();
      case Double number when !Double.isFinite(number) -> mark("$float", number.toString());
      case Double number -> number.toString();
      case Float number -> text(number.doubleValue());
      case String text -> Json.dumps(text);
      case BigDecimal number -> mark("$decimal", plain(number));
      case OffsetDateTime moment -> mark("$timestamp", moment.toInstant().toString());
      case LocalDateTime local -> mark("$timestamp", local.toString());
      case LocalDate date -> mark("$date", date.toString());
      case LocalTime time -> mark("$time", time.toString());
      case byte[] bytes -> mark("$bytes", Base64.getEncoder().encodeToString(bytes));
      case UUID id -> mark("$uuid", id.toString());
      case JsonContent content -> "{\"$json\": " + json(content.value()) + "}";
      case Map<?, ?> map -> object(map, false);
      case List<?> list -> array(list, false);
      default -> mark("$unknown", value.getClass().getName() + " " + value);
    };
  }

  /// Within a JSON column 1 and 1.0 are the same number.
  private static String json(Object value) {
    return switch (value) {
      case Double number when Double.isFinite(number) -> plain(BigDecimal.valueOf(number));
      case BigDecimal number -> plain(number);
      case Map<?, ?> map -> object(map, true);
      case List<?> list -> array(list, true);
      case null, default -> text(value);
    };
  }

  private static String object(Map<?, ?> map, boolean json) {
    var sorted = new TreeMap<String, String>();
    map.forEach((key, value) -> sorted.put(String.valueOf(key), json ? json(value) : text(value)));
    var members = new ArrayList<String>();
    sorted.forEach((key, value) -> members.add(Json.dumps(key) + ": " + value));
    return members.stream().collect(Collectors.joining(", ", "{", "}"));
  }

  private static String array(List<?> list, boolean json) {
    return list.stream()
        .map(each -> json ? json(each) : text(each))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  private static String mark(String name, String value) {
    return "{\"" + name + "\": " + Json.dumps(value) + "}";
  }
}
