package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// New contents of the pipeline's own files, to be put in place in the same commit as a package.
@Seam
public final class FolderUpdate {
  private final byte @Nullable [] state;
  private final boolean dropsState;
  private final Map<String, byte[]> schemas;
  private final List<String> dropped;

  private FolderUpdate(
      byte @Nullable [] state,
      boolean dropsState,
      Map<String, byte[]> schemas,
      List<String> dropped) {
    this.state = state;
    this.dropsState = dropsState;
    this.schemas = schemas;
    this.dropped = dropped;
  }

  public static FolderUpdate none() {
    return new FolderUpdate(null, false, Map.of(), List.of());
  }

  /// Replaces `state.json`.
  public FolderUpdate state(byte[] content) {
    return new FolderUpdate(content.clone(), false, schemas, dropped);
  }

  /// Deletes `state.json`.
  public FolderUpdate dropState() {
    return new FolderUpdate(null, true, schemas, dropped);
  }

  /// Replaces `schemas/<name>.schema.json`.
  public FolderUpdate schema(String name, byte[] content) {
    var all = new LinkedHashMap<>(schemas);
    all.put(name, content.clone());
    return new FolderUpdate(state, dropsState, all, dropped);
  }

  /// Deletes `schemas/<name>.schema.json`.
  public FolderUpdate dropSchema(String name) {
    var all = new ArrayList<>(dropped);
    all.add(name);
    return new FolderUpdate(state, dropsState, schemas, List.copyOf(all));
  }

  Optional<byte[]> newState() {
    return Optional.ofNullable(state);
  }

  boolean dropsState() {
    return dropsState;
  }

  Map<String, byte[]> newSchemas() {
    return schemas;
  }

  List<String> droppedSchemas() {
    return dropped;
  }
}
