package dev.sluice.resource;

import dev.sluice.schema.Digests;
import dev.sluice.schema.SchemaContract;
import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Resources that are extracted together; its name is that of their schema. Immutable.
///
/// ```java
/// var shop = source("shop", users.merge("id"), details);
/// for (var part : shop.decompose(SCC)) pipeline("shop_" + part.id()).to(duckdb("shop.duckdb")).run(part);
/// ```
///
/// A transformer whose parent has the name of a resource of this source is fed by that one, with
/// what was added to it since: a parent is evaluated once, however many it feeds.
public final class Source implements Iterable<Object> {
  /// How a source is taken apart.
  public enum Strategy {
    /// Not at all.
    NONE,
    /// Into the groups of resources that depend on one another, so that none is extracted twice.
    SCC
  }

  private final String name;
  private final Map<String, Resource<?>> resources;
  private final @Nullable SchemaContract contract;
  private final @Nullable Integer maxTableNesting;

  private Source(
      String name,
      Map<String, Resource<?>> resources,
      @Nullable SchemaContract contract,
      @Nullable Integer maxTableNesting) {
    this.name = Names.checked(name);
    this.resources = resources;
    this.contract = contract;
    this.maxTableNesting = maxTableNesting;
  }

  /// A source of these resources, in this order.
  public static Source of(String name, Resource<?>... resources) {
    return of(name, Arrays.asList(resources));
  }

  /// A source of these resources, in this order.
  public static Source of(String name, List<? extends Resource<?>> resources) {
    var byName = new LinkedHashMap<String, Resource<?>>();
    for (var resource : resources) {
      if (byName.put(resource.name(), resource) != null) {
        throw new IllegalArgumentException(
            "Source '"
                + name
                + "' has two resources named '"
                + resource.name()
                + "'; name one of them differently");
      }
    }
    var feeding = new Feeding(name, byName);
    var fed = new LinkedHashMap<String, Resource<?>>();
    byName.forEach((key, resource) -> fed.put(key, feeding.fed(resource)));
    return new Source(name, fed, null, null);
  }

  /// The name, which is that of the schema.
  public String name() {
    return name;
  }

  /// All resources by name, in the order of their declaration; those not selected too.
  public Map<String, Resource<?>> resources() {
    return java.util.Collections.unmodifiableMap(resources);
  }

  /// The resource of that name.
  public Resource<?> resource(String name) {
    var resource = resources.get(name);
    if (resource == null) {
      throw new IllegalArgumentException(
          "Source '"
              + this.name
              + "' has no resource '"
              + name
              + "'"
              + Names.suggestion(name, resources.keySet()));
    }
    return resource;
  }

  /// The resources that are extracted.
  public List<Resource<?>> selected() {
    return resources.values().stream()
        .<Resource<?>>map(resource -> resource)
        .filter(resource -> resource.hints().selected())
        .toList();
  }

  /// Only these resources are extracted.
  public Source with(String... names) {
    return only(new LinkedHashSet<>(Arrays.asList(names)));
  }

  /// What may change in the schema, unless a resource says otherwise.
  public Source contract(SchemaContract contract) {
    return new Source(name, resources, contract, maxTableNesting);
  }

  /// How deep lists become tables, unless a resource says otherwise; 0 = never.
  public Source maxTableNesting(int levels) {
    return new Source(name, resources, contract, levels);
  }

  /// What was declared by [#contract(SchemaContract)].
  public Optional<SchemaContract> contract() {
    return Optional.ofNullable(contract);
  }

  /// What was declared by [#maxTableNesting(int)].
  public Optional<Integer> maxTableNesting() {
    return Optional.ofNullable(maxTableNesting);
  }

  /// Parts that can be extracted one after the other, or each by a pipeline of its own name at the
  /// same time. Selected resources that share a parent, even one that is not selected, are in one
  /// part. Parts are in the order of their first resource.
  public List<Source> decompose(Strategy strategy) {
    return switch (strategy) {
      case NONE -> List.of(this);
      case SCC -> Components.of(selected()).stream().map(this::only).toList();
    };
  }

  /// A short name of the selected resources, the same whenever the same ones are selected: that of
  /// the one that is, or all names and a digest.
  public String id() {
    var names = selected().stream().map(Resource::name).sorted().toList();
    if (names.size() == 1) {
      return names.getFirst();
    }
    var joined = String.join("_", names);
    var digest = Digests.digest128(String.join("\n", names), 6).replaceAll("[+/]", "0");
    return joined.substring(0, Math.min(joined.length(), 40)) + "_" + digest;
  }

  /// The rows of all selected resources, evaluated as a pipeline's `run` does.
  @Override
  public Iterator<Object> iterator() {
    return Iteration.of(this);
  }

  /// The resources that are evaluated: the selected ones and their parents.
  @Seam
  public List<Resource<?>> evaluated() {
    var found = new ArrayList<Resource<?>>();
    for (var resource : selected()) {
      for (Resource<?> one = resource; !found.contains(one); ) {
        found.add(one);
        if (one.flow().start() instanceof Start.Child child) {
          one = child.parent();
        }
      }
    }
    return found;
  }

  private Source only(Set<String> names) {
    names.forEach(this::resource);
    var changed = new LinkedHashMap<String, Resource<?>>();
    resources.forEach((key, resource) -> changed.put(key, resource.selected(names.contains(key))));
    return new Source(name, changed, contract, maxTableNesting);
  }

  /// For instance `source 'shop' of users, details`.
  @Override
  public String toString() {
    return "source '"
        + name
        + "' of "
        + selected().stream().map(Resource::name).collect(Collectors.joining(", "));
  }
}
