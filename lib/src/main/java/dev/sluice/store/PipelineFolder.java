package dev.sluice.store;

import dev.sluice.schema.VersionHash;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A look into a pipeline's working directory, without a lock and without changing it: any JVM that
/// knows the folder and the name may look at any time.
@Seam
public final class PipelineFolder {
  static final String SCHEMA_SUFFIX = ".schema.json";

  /// Bytes: a database's file beside the script has the name with 23 more while it is made.
  private static final int LONGEST_NAME = FileNames.LONGEST - 23;

  /// Bytes: an exported schema has the name with 17 more while it is written.
  private static final int LONGEST_SCHEMA_NAME = FileNames.LONGEST - 17;

  private final Path root;
  private final String name;

  private PipelineFolder(Path root, String name) {
    this.root = root;
    this.name = name;
  }

  /// The working directory of the pipeline `name` below `pipelinesDir`; it need not exist yet.
  public static PipelineFolder of(Path pipelinesDir, String name) {
    if (!name.matches("[\\p{L}\\p{N}_][\\p{L}\\p{N}_ .-]{0,127}") || name.endsWith(".")) {
      throw StoreException.refused(
          "The pipeline name '"
              + name
              + "' cannot be the name of a folder; use letters, digits, '_' and '-'");
    }
    var root = pipelinesDir.toAbsolutePath().normalize().resolve(name);
    // One that is there was made by a release that took the name, and goes on.
    FileNames.refusal(name, LONGEST_NAME)
        .filter(why -> !Files.exists(root.resolve("state.json")))
        .ifPresent(why -> {
          throw StoreException.refused("The pipeline name '" + FileNames.shown(name) + "' " + why);
        });
    return new PipelineFolder(root, name);
  }

  public Path root() {
    return root;
  }

  public String name() {
    return name;
  }

  public boolean exists() {
    return Files.isDirectory(root);
  }

  /// The content of `state.json`.
  public Optional<byte[]> state() {
    return readIfPresent(root.resolve("state.json"));
  }

  /// A file of ours in the root of the folder.
  public Optional<byte[]> file(String fileName) {
    return readIfPresent(root.resolve(fileName));
  }

  /// The names of our JSON files in the root of the folder that begin so, sorted.
  public List<String> files(String prefix) {
    return list(root).stream()
        .filter(file -> file.startsWith(prefix) && file.endsWith(".json"))
        .sorted()
        .toList();
  }

  /// The names of the stored schemas, sorted.
  public List<String> schemaNames() {
    return list(root.resolve("schemas")).stream()
        .filter(file -> file.endsWith(SCHEMA_SUFFIX))
        .map(file -> file.substring(0, file.length() - SCHEMA_SUFFIX.length()))
        .sorted()
        .toList();
  }

  /// The content of `schemas/<name>.schema.json`.
  public Optional<byte[]> schema(String schemaName) {
    return readIfPresent(schemaFile(schemaName));
  }

  public Path schemaFile(String schemaName) {
    if (!schemaName.matches("[^/\\\\\\x00-\\x1f]{1,200}") || schemaName.startsWith(".")) {
      throw StoreException.refused(
          "The schema name '"
              + schemaName
              + "' cannot be the name of a file; use letters, digits, '_' and '-'");
    }
    var file = root.resolve("schemas").resolve(schemaName + SCHEMA_SUFFIX);
    FileNames.refusal(schemaName, LONGEST_SCHEMA_NAME)
        .filter(why -> !Files.exists(file))
        .ifPresent(why -> {
          throw StoreException.refused(
              "The schema name '" + FileNames.shown(schemaName) + "' " + why);
        });
    return file;
  }

  /// Whether `state.json` with this content is the one that was committed with the last package;
  /// else somebody has written it since, or it is damaged.
  public boolean wroteState(byte[] content) {
    return wrote("state.json", content);
  }

  /// Whether a state with the content that we wrote last has another version, which its hash does
  /// not notice.
  public boolean hasOtherVersion(byte[] state) {
    var written = PackageRecord.read(root).state().orElse("");
    var found = VersionHash.version(state).orElse("");
    return !written.equals(found)
        && !found.isEmpty()
        && written.endsWith(found.substring(found.indexOf(' ')));
  }

  /// The same as [#wroteState(byte\[\])] of `schemas/<name>.schema.json`.
  public boolean wroteSchema(String schemaName, byte[] content) {
    return wrote(PackageRecord.schema(schemaName), content);
  }

  private boolean wrote(String file, byte[] content) {
    var written = PackageRecord.read(root).files().get(file);
    return written != null && written.fits(FileSum.of(content));
  }

  /// The packages of a stage in the order of their load ids.
  public List<StoredPackage> packages(Stage stage) {
    return list(stage.in(root)).stream()
        .filter(loadId -> !loadId.startsWith("."))
        .sorted()
        .map(loadId -> new StoredPackage(loadId, stage, stage.in(root).resolve(loadId)))
        .filter(found -> Files.isDirectory(found.folder()))
        .toList();
  }

  /// The package with a load id, in whichever stage it is.
  public Optional<StoredPackage> find(String loadId) {
    return Arrays.stream(Stage.values())
        .flatMap(stage -> packages(stage).stream())
        .filter(found -> found.loadId().equals(loadId))
        .reduce((earlier, later) -> later);
  }

  static List<String> list(Path folder) {
    var names = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw StoreException.io("list", folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw StoreException.io("list", folder, e);
    }
    return names;
  }

  static Optional<byte[]> readIfPresent(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreException.io("read", file, e);
    }
  }
}
