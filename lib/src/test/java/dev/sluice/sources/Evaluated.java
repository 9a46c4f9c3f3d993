package dev.sluice.sources;

import dev.sluice.pipe.PipeSettings;
import dev.sluice.resource.Evaluation;
import dev.sluice.resource.EvaluationContext;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Sink;
import dev.sluice.resource.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A resource evaluated as an extraction does, with a state that goes on from run to run.
final class Evaluated {
  final Map<String, Object> state = new LinkedHashMap<>();
  final Map<String, List<Map<String, Object>>> tables = new LinkedHashMap<>();

  /// The rows of the resource's own table.
  List<Map<String, Object>> rows(Resource<?> resource) throws Exception {
    run(resource);
    return tables.getOrDefault(resource.name(), List.of());
  }

  void run(Resource<?> resource) throws Exception {
    tables.clear();
    var context =
        new EvaluationContext() {
          @Override
          public Map<String, Object> sourceState() {
            return state;
          }

          @Override
          public PipeSettings settings() {
            return PipeSettings.defaults();
          }
        };
    Evaluation.run(
        Source.of("test", resource),
        context,
        new Sink() {
          @Override
          @SuppressWarnings("unchecked")
          public void rows(Resource<?> from, List<?> rows, String table) {
            tables
                .computeIfAbsent(table == null ? from.name() : table, name -> new ArrayList<>())
                .addAll((List<Map<String, Object>>) rows);
          }

          @Override
          public void checkpoint(
              List<Resource<?>> from, String token, Map<String, Object> snapshot) {}
        });
  }
}
