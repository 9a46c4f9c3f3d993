package dev.sluice.normalize;

import dev.sluice.schema.NamingConvention;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Normalized names, each made once.
final class Names {
  private static final String EMPTY_KEY = "_empty";

  private final NamingConvention naming;
  private final Map<String, String> columns = new HashMap<>();
  private final Map<String, String> tables = new HashMap<>();
  private final Map<List<String>, String> paths = new HashMap<>();

  final String id;
  final String loadId;
  final String rootId;
  final String parentId;
  final String listIndex;
  final String value;
  final String systemPrefix;

  Names(NamingConvention naming) {
    this.naming = naming;
    id = naming.identifier("_dlt_id");
    loadId = naming.identifier("_dlt_load_id");
    rootId = naming.identifier("_dlt_root_id");
    parentId = naming.identifier("_dlt_parent_id");
    listIndex = naming.identifier("_dlt_list_idx");
    value = naming.identifier("value");
    systemPrefix = naming.tableIdentifier("_dlt");
  }

  /// The name of a column for a key; a key of blanks is `_empty`.
  String column(String key) {
    var name = columns.get(key);
    if (name == null) {
      name = key.isBlank() ? EMPTY_KEY : named(naming.path(key));
      columns.put(key, name);
    }
    return name;
  }

  /// The name of a table, or of the part of one, for a key.
  String table(String key) {
    var name = tables.get(key);
    if (name == null) {
      name = key.isBlank() ? EMPTY_KEY : named(naming.tablePath(key));
      tables.put(key, name);
    }
    return name;
  }

  /// Normalized names joined and shortened.
  String joined(List<String> fragments) {
    if (fragments.size() == 1) {
      return joinedAnew(fragments);
    }
    var name = paths.get(fragments);
    if (name == null) {
      name = joinedAnew(fragments);
      paths.put(List.copyOf(fragments), name);
    }
    return name;
  }

  private String joinedAnew(List<String> fragments) {
    return naming.fragments(fragments);
  }

  String joined(List<String> path, String name) {
    return path.isEmpty() ? name : joined(plus(path, name));
  }

  boolean isSystem(String name) {
    return name.startsWith(systemPrefix);
  }

  static List<String> plus(List<String> path, String name) {
    var longer = new ArrayList<String>(path.size() + 1);
    longer.addAll(path);
    longer.add(name);
    return longer;
  }

  /// A key of separators alone has no name left; dlt fails there.
  private String named(String name) {
    return name.isEmpty() ? naming.identifier("_") : name;
  }
}
