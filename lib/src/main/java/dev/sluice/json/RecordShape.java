package dev.sluice.json;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/// The names and accessors of a record class, found once per class.
final class RecordShape {
  private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);

  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  private record Field(SerializableString name, MethodHandle accessor) {}

  private final List<Field> fields;
  private final List<Field> sorted;

  private RecordShape(Class<?> type) {
    var found = new ArrayList<Field>();
    for (var component : type.getRecordComponents()) {
      found.add(new Field(new SerializedString(component.getName()), accessor(type, component)));
    }
    fields = List.copyOf(found);
    found.sort(Comparator.comparing(field -> field.name().getValue(), MapWriter.BY_CODE_POINTS));
    sorted = List.copyOf(found);
  }

  static RecordShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  void write(JsonGenerator out, Object row, Style style, int depth) {
    out.writeStartObject(row);
    var order = style.sorted ? sorted : fields;
    for (int i = 0; i < order.size(); i++) {
      var field = order.get(i);
      out.writeName(field.name());
      ValueWriter.value(out, read(field, row), style, depth);
    }
    out.writeEndObject();
  }

  int size() {
    return fields.size();
  }

  String name(int index) {
    return fields.get(index).name().getValue();
  }

  @Nullable Object read(int index, Object row) {
    return read(fields.get(index), row);
  }

  private static @Nullable Object read(Field field, Object row) {
    try {
      return field.accessor().invokeExact(row);
    } catch (RuntimeException | Error failed) {
      throw failed;
    } catch (Throwable failed) {
      throw new UndeclaredThrowableException(failed);
    }
  }

  private static MethodHandle accessor(Class<?> type, RecordComponent component) {
    var accessor = component.getAccessor();
    try {
      // A record of a script is seldom public; its accessors are.
      accessor.setAccessible(true);
      return MethodHandles.lookup().unreflect(accessor).asType(ACCESSOR);
    } catch (IllegalAccessException | RuntimeException closed) {
      throw new IllegalArgumentException(
          "Record "
              + type.getName()
              + " cannot be read: its module does not open its package; open it or send a Map",
          closed);
    }
  }
}
