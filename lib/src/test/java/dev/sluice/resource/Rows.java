package dev.sluice.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Keeps what an evaluation gives: all rows, the rows of each resource or named table, the pages,
/// and the checkpoints with the rows before them.
final class Rows implements Sink {
  record Checkpoint(List<String> resources, String token, int rows, Map<String, Object> state) {}

  final List<Object> all = new ArrayList<>();
  final Map<String, List<Object>> byTable = new TreeMap<>();
  final List<List<?>> pages = new ArrayList<>();
  final List<Checkpoint> checkpoints = new ArrayList<>();
  private BiConsumer<Resource<?>, Object> also = (resource, row) -> {};

  Rows also(BiConsumer<Resource<?>, Object> also) {
    this.also = also;
    return this;
  }

  @Override
  public void rows(Resource<?> resource, List<?> rows, @Nullable String table) {
    pages.add(rows);
    all.addAll(rows);
    byTable
        .computeIfAbsent(table == null ? resource.name() : table, name -> new ArrayList<>())
        .addAll(rows);
    rows.forEach(row -> also.accept(resource, row));
  }

  @Override
  public void checkpoint(
      List<Resource<?>> resources, String token, Map<String, Object> stateSnapshot) {
    var names = resources.stream().<String>map(Resource::name).toList();
    checkpoints.add(new Checkpoint(names, token, all.size(), stateSnapshot));
  }
}
