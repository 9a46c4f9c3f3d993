package dev.sluice.schema;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The type of a column, in dlt's words: what normalize infers and a destination creates.
///
/// ```java
/// DataType.of("bigint");    // Optional[BIGINT]
/// DataType.BIGINT.word();   // "bigint"
/// ```
public enum DataType {
  /// Text of any length.
  TEXT,
  /// A 64-bit floating point number.
  DOUBLE,
  /// True or false.
  BOOL,
  /// A point in time, UTC unless the column says `timezone: false`.
  TIMESTAMP,
  /// A 64-bit signed integer.
  BIGINT,
  /// Bytes.
  BINARY,
  /// A JSON value, kept whole.
  JSON,
  /// A decimal number, 38 digits of which 9 behind the point unless declared.
  DECIMAL,
  /// A whole number of up to 38 digits.
  WEI,
  /// A calendar day.
  DATE,
  /// A time of day.
  TIME;

  private static final Map<String, DataType> BY_WORD = byWord();

  private final String word = name().toLowerCase(Locale.ROOT);

  /// The spelling in schema files and configuration: lower case.
  public String word() {
    return word;
  }

  /// The type with that spelling; empty if there is none.
  public static Optional<DataType> of(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  private static Map<String, DataType> byWord() {
    var types = new HashMap<String, DataType>();
    for (var type : values()) types.put(type.word, type);
    types.put("complex", JSON); // the name before dlt 1.0
    return Map.copyOf(types);
  }
}
