package dev.sluice.json;

import dev.sluice.seam.Seam;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A row that is still the JSON it came as: read when somebody looks at it or changes it, and
/// otherwise written as it stands. A map like any other to all who get it.
///
/// ```java
/// Map<String, Object> row = RawRow.of(line, 0, line.length);
/// ```
@Seam
public final class RawRow extends AbstractMap<String, @Nullable Object> {
  private static final ThreadLocal<RawScan> SCAN = ThreadLocal.withInitial(RawScan::new);

  private byte @Nullable [] json;
  private final int length;
  private Map<String, @Nullable Object> map = Map.of();

  RawRow(byte[] json, int length) {
    this.json = json;
    this.length = length;
  }

  /// The object that UTF-8 bytes spell.
  ///
  /// - returns null where the bytes are no object, or have anything in them that must be read to be
  ///   judged: [Json#loadb] does that, and says what is wrong
  public static @Nullable RawRow of(byte[] bytes, int offset, int length) {
    return SCAN.get().row(bytes, offset, length);
  }

  /// The JSON, of [#length] bytes; null once the row was looked at.
  synchronized byte @Nullable [] json() {
    return json;
  }

  int length() {
    return length;
  }

  private synchronized Map<String, @Nullable Object> map() {
    if (json != null) {
      map = Json.only(JsonStreams.parser(json, 0, length));
      json = null;
    }
    return map;
  }

  @Override
  public Set<Entry<String, @Nullable Object>> entrySet() {
    return map().entrySet();
  }

  @Override
  public int size() {
    return map().size();
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return map().get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return map().containsKey(key);
  }

  @Override
  public @Nullable Object put(String key, @Nullable Object value) {
    return map().put(key, value);
  }

  @Override
  public @Nullable Object remove(@Nullable Object key) {
    return map().remove(key);
  }
}
