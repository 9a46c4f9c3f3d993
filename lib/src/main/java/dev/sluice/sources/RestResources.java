package dev.sluice.sources;

import dev.sluice.http.RestClient;
import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.From;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Transformer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The resources of declared endpoints, each child made of its parent.
final class RestResources {
  private final RestClient client;
  private final Map<String, RestEndpoint> endpoints = new LinkedHashMap<>();
  private final Map<String, Resource<Map<String, @Nullable Object>>> others;
  private final Map<String, Resource<Map<String, @Nullable Object>>> made = new LinkedHashMap<>();

  RestResources(
      RestClient client,
      List<EndpointParts> declared,
      Map<String, Resource<Map<String, @Nullable Object>>> others) {
    this.client = client;
    this.others = others;
    declared.forEach(parts -> endpoints.put(parts.name, RestEndpoint.of(parts)));
  }

  List<Resource<Map<String, @Nullable Object>>> made() {
    var all = new ArrayList<>(others.values());
    for (var endpoint : endpoints.values()) {
      all.add(resource(endpoint, new LinkedHashSet<>()));
    }
    return all;
  }

  private Resource<Map<String, @Nullable Object>> resource(
      RestEndpoint endpoint, LinkedHashSet<String> children) {
    var ready = made.get(endpoint.name());
    if (ready != null) {
      return ready;
    }
    if (!children.add(endpoint.name())) {
      throw new IllegalArgumentException(
          "Endpoints "
              + RestApi.quoted(children)
              + " need one another's rows in a circle; one of them must do without");
    }
    var parent = endpoint.parent();
    var resource =
        parent == null ? root(endpoint) : child(endpoint, parent(endpoint, parent, children));
    resource = endpoint.parts().resource.apply(resource);
    made.put(endpoint.name(), resource);
    return resource;
  }

  private Resource<Map<String, @Nullable Object>> parent(
      RestEndpoint endpoint, String name, LinkedHashSet<String> children) {
    var other = others.get(name);
    var declared = endpoints.get(name);
    if (other == null && declared == null) {
      throw new IllegalArgumentException(
          "Endpoint '"
              + endpoint.name()
              + "' needs the rows of '"
              + name
              + "', but there is no such endpoint, only "
              + RestApi.quoted(endpoints.keySet()));
    }
    return declared == null
        ? java.util.Objects.requireNonNull(other)
        : resource(declared, children);
  }

  // ------------------------------------------------------------------ asked once

  private Resource<Map<String, @Nullable Object>> root(RestEndpoint endpoint) {
    var incremental = endpoint.parts().incremental;
    if (incremental != null) {
      return since(endpoint, incremental);
    }
    return Resource.pages(endpoint.name(), () -> pages(endpoint, Map.of(), null));
  }

  /// A stream of pages where rows are named: the engine takes a List for a page.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private Resource<Map<String, @Nullable Object>> since(
      RestEndpoint endpoint, Incremental<?> incremental) {
    From<Cursor<Object>, Map<String, @Nullable Object>> from =
        cursor -> (Stream) pages(endpoint, Map.of(), cursor);
    return Resource.of(endpoint.name(), (Incremental<Object>) incremental, from);
  }

  // ------------------------------------------------------------------ asked for each row of a
  // parent

  private Resource<Map<String, @Nullable Object>> child(
      RestEndpoint endpoint, Resource<Map<String, @Nullable Object>> parent) {
    var incremental = endpoint.parts().incremental;
    if (incremental == null) {
      return parent.pipe(asking(endpoint, null));
    }
    return parent
        .pipe(Transformer.since(endpoint.name(), cursor -> asking(endpoint, cursor)))
        .incremental(incremental);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Transformer<Map<String, @Nullable Object>, Map<String, @Nullable Object>> asking(
      RestEndpoint endpoint, @Nullable Cursor<?> cursor) {
    if (!endpoint.parts().parallel) {
      return Transformer.expanding(endpoint.name(), row -> (Stream) pages(endpoint, row, cursor));
    }
    Deferred<Map<String, @Nullable Object>, Object> inThePool =
        Deferred.of(row -> Ahead.of(pages(endpoint, row, cursor).iterator()));
    return Transformer.of(endpoint.name(), (Deferred) inThePool);
  }

  private Stream<List<Map<String, @Nullable Object>>> pages(
      RestEndpoint endpoint, Map<String, @Nullable Object> parentRow, @Nullable Cursor<?> cursor) {
    var values = new RestValues(endpoint, parentRow, cursor);
    var included = values.included();
    var pages = endpoint.client(client).pages(endpoint.request(client, values));
    return included.isEmpty()
        ? pages
        : pages.peek(page -> page.forEach(row -> row.putAll(included)));
  }
}
