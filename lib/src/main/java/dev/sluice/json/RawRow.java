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
/// Map<String, Object> row = RawRow.of(lines, start, end);
/// ```
@Seam
public final class RawRow extends AbstractMap<String, @Nullable Object> {
  /// How many bytes there have to be from the end of a row on.
  public static final int BEHIND = Long.BYTES;

  private static final ThreadLocal<RawScan> SCAN = ThreadLocal.withInitial(RawScan::new);

  private byte @Nullable [] json;
  private final int start;
  private final int length;
  private Map<String, @Nullable Object> map = Map.of();

  private RawRow(byte[] json, int start, int length) {
    this.json = json;
    this.start = start;
    this.length = length;
  }

  /// The object that UTF-8 bytes spell. They are the row's from now on, without a copy.
  ///
  /// - `end`: where a zero stands, the first of [#BEHIND] bytes
  /// - returns null where the bytes are no object, or have anything in them that must be read to be
  ///   judged: [Json#loadb] does that, and says what is wrong
  public static @Nullable RawRow of(byte[] bytes, int start, int end) {
    int length = SCAN.get().length(bytes, start, end);
    return length == RawScan.DECLINED ? null : new RawRow(bytes, start, length);
  }

  /// The JSON, [#length] bytes from [#start] on; null once the row was looked at.
  synchronized byte @Nullable [] json() {
    return json;
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  private synchronized Map<String, @Nullable Object> map() {
    if (json != null) {
      map = Json.only(JsonStreams.parser(json, start, length));
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
