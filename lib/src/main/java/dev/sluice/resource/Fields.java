package dev.sluice.resource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Values of rows by name, whatever the rows are: Maps, records, JSON objects.
final class Fields {
  private static final ClassValue<Map<String, Method>> RECORDS =
      new ClassValue<>() {
        @Override
        protected Map<String, Method> computeValue(Class<?> type) {
          var accessors = new HashMap<String, Method>();
          for (var component : type.getRecordComponents()) {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            accessors.put(component.getName(), accessor);
          }
          return accessors;
        }
      };

  private Fields() {}

  /// The value, null, or [CursorPath#MISSING].
  static @Nullable Object get(Object row, String key) {
    return switch (row) {
      case Map<?, ?> map -> {
        var value = map.get(key);
        yield value != null || map.containsKey(key) ? value : CursorPath.MISSING;
      }
      case Record record -> {
        var accessor = RECORDS.get(record.getClass()).get(key);
        yield accessor == null ? CursorPath.MISSING : read(record, accessor);
      }
      case JsonNode node -> {
        var value = node.get(key);
        yield value == null ? CursorPath.MISSING : plain(value);
      }
      default -> CursorPath.MISSING;
    };
  }

  /// All fields of a record, by name.
  static Map<String, @Nullable Object> all(Record row) {
    var all = new HashMap<String, @Nullable Object>();
    RECORDS.get(row.getClass()).forEach((name, accessor) -> all.put(name, read(row, accessor)));
    return all;
  }

  /// The elements of a list; none if it is no list.
  static List<? extends @Nullable Object> elements(Object value) {
    return switch (value) {
      case List<?> list -> list;
      case JsonNode node when node.isArray() -> {
        var elements = new ArrayList<@Nullable Object>();
        node.forEach(element -> elements.add(plain(element)));
        yield elements;
      }
      default -> List.of();
    };
  }

  private static @Nullable Object plain(JsonNode node) {
    if (node.isNull() || node.isMissingNode()) {
      return null;
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node;
  }

  private static @Nullable Object read(Record row, Method accessor) {
    try {
      return accessor.invoke(row);
    } catch (InvocationTargetException failed) {
      throw new IllegalStateException(
          "Cannot read '" + accessor.getName() + "' of " + row.getClass().getName(),
          failed.getCause());
    } catch (IllegalAccessException closed) {
      throw new IllegalStateException(
          "Cannot read '" + accessor.getName() + "' of " + row.getClass().getName(), closed);
    }
  }
}
