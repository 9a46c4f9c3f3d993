package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// New contents of the pipeline's own files, to be put in place in the same commit as a package.
@Seam
public final class FolderUpdate {
  private final byte @Nullable [] state;
  private final Map<String, byte[]> schemas;

  private FolderUpdate(byte @Nullable [] state, Map<String, byte[]> schemas) {
    this.state = state;
    this.schemas = schemas;
  }

  public static FolderUpdate none() {
    return new FolderUpdate(null, Map.of());
  }

  /// Replaces `state.json`.
  public FolderUpdate state(byte[] content) {
    return new FolderUpdate(content.clone(), schemas);
  }

  /// Replaces `schemas/<name>.schema.json`.
  public FolderUpdate schema(String name, byte[] content) {
    var all = new LinkedHashMap<>(schemas);
    all.put(name, content.clone());
    return new FolderUpdate(state, all);
  }

  Optional<byte[]> newState() {
    return Optional.ofNullable(state);
  }

  Map<String, byte[]> newSchemas() {
    return schemas;
  }
}
