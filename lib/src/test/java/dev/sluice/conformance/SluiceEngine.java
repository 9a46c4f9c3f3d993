package dev.sluice.conformance;

import static dev.sluice.Sluice.duckdb;
import static dev.sluice.Sluice.pipeline;
import static dev.sluice.Sluice.resource;

import dev.sluice.Pipeline;
import dev.sluice.PipelineException;
import dev.sluice.conformance.Expectation.Failure;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.WriteDisposition;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes the runs of a case with Sluice, declared as a script declares them.
public final class SluiceEngine implements Engine {
  @Override
  public Answer run(Case recorded, int run, Path folder) {
    var declared = recorded.runs().get(run);
    var pulled = new TreeMap<String, Long>();
    var pipeline = pipelineOf(declared, folder);
    try {
      pipeline.run(sources(declared, pulled));
      return new Answer(Optional.empty(), pulled);
    } catch (PipelineException failed) {
      pipeline.dropPendingPackages();
      return new Answer(
          Optional.of(new Failure(failed.step(), List.of(), failed.getMessage())), pulled);
    } catch (IllegalArgumentException refused) {
      // What cannot even be declared fails before the first step.
      pipeline.dropPendingPackages();
      return new Answer(
          Optional.of(new Failure("extract", List.of(), refused.getMessage())), pulled);
    }
  }

  static Pipeline pipelineOf(Map<String, Object> run, Path folder) {
    var pipeline =
        pipeline("conformance")
            .to(duckdb(folder.resolve("conformance.duckdb")))
            .datasetName("data")
            .pipelinesDir(folder.resolve("pipelines"));
    for (var setting : Tree.map(run.get("config")).entrySet()) {
      pipeline = pipeline.setting(setting.getKey(), setting.getValue());
    }
    if (run.get("refresh") instanceof String refresh) {
      pipeline = pipeline.refresh(Pipeline.Refresh.valueOf(refresh.toUpperCase(Locale.ROOT)));
    }
    return pipeline;
  }

  static Source[] sources(Map<String, Object> run, Map<String, Long> pulled) {
    return Tree.<Map<String, Object>>list(run.get("sources")).stream()
        .map(source -> source(source, pulled))
        .toArray(Source[]::new);
  }

  private static Source source(Map<String, Object> declared, Map<String, Long> pulled) {
    var resources =
        Tree.<Map<String, Object>>list(declared.get("resources")).stream()
            .map(resource -> resourceOf(resource, pulled))
            .toList();
    var source = Source.of(Tree.text(declared.get("name")), resources);
    if (declared.get("schema_contract") instanceof Object contract) {
      source = source.contract(SchemaContract.of(contract));
    }
    if (declared.get("max_table_nesting") instanceof Number levels) {
      source = source.maxTableNesting(levels.intValue());
    }
    return source;
  }

  private static Resource<?> resourceOf(Map<String, Object> declared, Map<String, Long> pulled) {
    var name = Tree.text(declared.get("name"));
    var items = Tree.list(Markers.decode(declared.get("items")));
    pulled.put(name, 0L);
    Resource<Object> resource = resource(name, () -> counting(items, name, pulled));
    resource = hinted(resource, declared);
    if (declared.get("incremental") instanceof Map<?, ?> incremental) {
      resource =
          resource.incremental(Incremental.of(Tree.<Object>map(Markers.decode(incremental))));
    }
    for (var nested : Tree.<Map<String, Object>>map(declared.get("nested_hints")).entrySet()) {
      resource = resource.nested(nested.getKey(), below -> hinted(below, nested.getValue()));
    }
    if (declared.get("table_name_field") instanceof String field) {
      resource = resource.table(row -> String.valueOf(Tree.map(row).get(field)));
    }
    return resource;
  }

  private static Resource<Object> hinted(Resource<Object> resource, Map<String, Object> declared) {
    if (declared.get("table_name") instanceof String table) resource = resource.table(table);
    if (declared.get("write_disposition") instanceof Object disposition) {
      resource = resource.disposition(WriteDisposition.of(Markers.decode(disposition)));
    }
    if (declared.get("primary_key") instanceof Object key) {
      resource = resource.primaryKey(Tree.words(key).toArray(String[]::new));
    }
    if (declared.get("merge_key") instanceof Object key) {
      resource = resource.mergeKey(Tree.words(key).toArray(String[]::new));
    }
    for (var column : Tree.<Map<String, Object>>map(declared.get("columns")).entrySet()) {
      resource = resource.columns(ColumnSchema.of(column.getKey(), column.getValue()));
    }
    if (declared.get("schema_contract") instanceof Object contract) {
      resource = resource.contract(SchemaContract.of(contract));
    }
    if (declared.get("max_table_nesting") instanceof Number levels) {
      resource = resource.maxTableNesting(levels.intValue());
    }
    return resource;
  }

  /// The elements one by one, each counted when it is asked for.
  private static Iterable<Object> counting(
      List<Object> items, String name, Map<String, Long> pulled) {
    return () -> {
      var all = items.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public Object next() {
          pulled.merge(name, 1L, Long::sum);
          return all.next();
        }
      };
    };
  }
}
