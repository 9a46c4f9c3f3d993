package dev.sluice.sources;

import dev.sluice.http.Http;
import dev.sluice.http.Paginator;
import dev.sluice.http.RestClient;
import dev.sluice.pipe.Fn;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What an endpoint is told. Changed only while a copy is being made, never after.
final class EndpointParts {
  final String name;
  String path;
  String method = "GET";
  final Map<String, @Nullable Object> params = new LinkedHashMap<>();
  final Map<String, String> headers = new LinkedHashMap<>();
  @Nullable Object json;
  @Nullable Object data;
  @Nullable Paginator paginator;
  @Nullable String selector;
  UnaryOperator<RestClient> client = UnaryOperator.identity();
  UnaryOperator<Http.Request> request = UnaryOperator.identity();
  @Nullable Incremental<?> incremental;
  @Nullable Object initial;
  @Nullable String startParam;
  @Nullable String endParam;
  Fn<Object, Object> convert = value -> value;
  final List<String> included = new ArrayList<>();
  boolean parallel = true;
  UnaryOperator<Resource<Map<String, @Nullable Object>>> resource = UnaryOperator.identity();

  EndpointParts(String name) {
    this.name = name;
    this.path = name;
  }

  EndpointParts changed(Consumer<EndpointParts> change) {
    var copy = new EndpointParts(name);
    copy.path = path;
    copy.method = method;
    copy.params.putAll(params);
    copy.headers.putAll(headers);
    copy.json = json;
    copy.data = data;
    copy.paginator = paginator;
    copy.selector = selector;
    copy.client = client;
    copy.request = request;
    copy.incremental = incremental;
    copy.initial = initial;
    copy.startParam = startParam;
    copy.endParam = endParam;
    copy.convert = convert;
    copy.included.addAll(included);
    copy.parallel = parallel;
    copy.resource = resource;
    change.accept(copy);
    return copy;
  }
}
