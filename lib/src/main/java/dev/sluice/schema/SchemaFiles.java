package dev.sluice.schema;

import dev.sluice.json.Json;
import dev.sluice.seam.IoFault;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Schema files beside the pipeline, as dlt keeps them: one to edit, one to look at.
///
/// - `import_schema_path`: `<name>.schema.yaml` is written once, when the schema is new. Edited, it
///   takes the place of the stored schema at the next run.
/// - `export_schema_path`: the same file, written after every change.
/// - `external_schema_format`: `yaml`, `json` or (export only) `dbml`
@Seam
public final class SchemaFiles {
  private static final String IMPORTED = "imported_version_hash";

  /// Of a file to import, in bytes.
  private static final long LARGEST = 4L * YamlText.LONGEST;

  private final Optional<Path> importFolder;
  private final Optional<Path> exportFolder;
  private final String format;

  private SchemaFiles(Optional<Path> importFolder, Optional<Path> exportFolder, String format) {
    this.importFolder = importFolder;
    this.exportFolder = exportFolder;
    this.format = format;
  }

  /// No such files.
  public static SchemaFiles none() {
    return new SchemaFiles(Optional.empty(), Optional.empty(), "yaml");
  }

  public SchemaFiles importFrom(Path folder) {
    return new SchemaFiles(Optional.of(folder), exportFolder, format);
  }

  public SchemaFiles exportTo(Path folder) {
    return new SchemaFiles(importFolder, Optional.of(folder), format);
  }

  /// `yaml`, `json` or `dbml`.
  public SchemaFiles format(String name) {
    if (!name.matches("yaml|json|dbml"))
      throw new IllegalArgumentException(
          "external_schema_format is '" + name + "', but must be 'yaml', 'json' or 'dbml'");
    return new SchemaFiles(importFolder, exportFolder, name);
  }

  /// The schema to work with: that of the import file if it was edited since it was last taken, or
  /// if none is stored; else the stored one. Whoever gets another than the stored one saves it.
  public Optional<Schema> current(String name, Optional<Schema> stored) {
    var file = imported(name);
    if (file.isEmpty()) return stored;
    var edited = file.get();
    if (stored.isEmpty()) return Optional.of(linked(edited, edited.versionHash()));
    var before = stored.get();
    if (edited.versionHash().equals(before.property(IMPORTED))) return stored;
    var content = edited.toMap();
    if (!before.versionHash().equals(edited.versionHash()))
      SchemaVersion.keepPrevious(content, before.versionHash());
    return Optional.of(linked(Schema.of(content), edited.versionHash()));
  }

  /// The schema as it is to be stored: the import file is written if there is none yet, and the
  /// schema remembers the file it agrees with.
  public Schema saved(Schema schema) {
    if (importFolder.isEmpty()) return schema;
    var file = imported(schema.name());
    if (file.isPresent()) return linked(schema, file.get().versionHash());
    var content = SchemaText.withoutProcessingHints(schema);
    write(importFolder.get(), schema.name(), content);
    return linked(schema, String.valueOf(content.get("version_hash")));
  }

  /// A schema that a stage made of another: it agrees with the import file that the other agreed
  /// with, so that an edit made meanwhile is still seen.
  public Schema linkedAs(Schema schema, Schema before) {
    return before.property(IMPORTED) instanceof String hash ? linked(schema, hash) : schema;
  }

  /// Writes the export file. Into the import folder it goes without what normalize noted.
  public void export(Schema schema) {
    exportFolder.ifPresent(folder ->
        write(
            folder,
            schema.name(),
            exportFolder.equals(importFolder)
                ? SchemaText.withoutProcessingHints(schema)
                : schema.toMap()));
  }

  private Optional<Schema> imported(String name) {
    if (importFolder.isEmpty()) return Optional.empty();
    var file = file(importFolder.get(), name);
    String text;
    try {
      var size = Files.size(file);
      if (size > LARGEST)
        throw new IllegalArgumentException(
            "Cannot import the schema '%s': it has %d bytes, but at most %d are read"
                .formatted(file, size, LARGEST));
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "Cannot import the schema '" + file + "': it is not text in UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the schema '" + file + "': " + IoFault.said(e, file), e);
    }
    try {
      return Optional.of(
          switch (format) {
            case "yaml" -> Schema.ofYaml(text);
            case "json" -> SchemaText.read(Schema.strings(Json.loads(text)));
            default ->
                throw new IllegalArgumentException(
                    "a schema can be imported from yaml and json only");
          });
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "Cannot import the schema '" + file + "': " + e.getMessage(), e);
    }
  }

  private void write(Path folder, String name, java.util.Map<String, Object> content) {
    var text =
        switch (format) {
          case "yaml" -> YamlText.write(SchemaText.withoutDefaults(content));
          case "json" -> Json.dumps(SchemaText.withoutDefaults(content));
          default -> Dbml.of(Schema.of(content));
        };
    var file = file(folder, name);
    var aside = folder.resolve("." + file.getFileName() + ".tmp");
    try {
      Files.createDirectories(folder);
      Files.writeString(aside, text);
      Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(aside);
      } catch (IOException stays) {
        e.addSuppressed(stays);
      }
      throw new UncheckedIOException(
          "Cannot write the schema '" + file + "': " + IoFault.said(e, file), e);
    }
  }

  private Path file(Path folder, String name) {
    if (!name.matches("[^/\\\\\\x00-\\x1f]{1,200}") || name.startsWith("."))
      throw new IllegalArgumentException(
          "The schema name '"
              + name
              + "' cannot be the name of a file; use letters, digits, '_' and '-'");
    return folder.resolve(name + ".schema." + format);
  }

  private static Schema linked(Schema schema, String hash) {
    var map = schema.toMap();
    map.put(IMPORTED, hash);
    return Schema.of(map);
  }
}
