package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/// A load package as it lies in its stage's folder. Reading it never changes anything.
@Seam
public final class StoredPackage {
  private static final Comparator<StoredJob> BY_FILE_NAME =
      Comparator.comparing(job -> String.valueOf(job.file().getFileName()));

  private final String loadId;
  private final Stage stage;
  private final Path folder;

  StoredPackage(String loadId, Stage stage, Path folder) {
    this.loadId = loadId;
    this.stage = stage;
    this.folder = folder;
  }

  public String loadId() {
    return loadId;
  }

  public Stage stage() {
    return stage;
  }

  public Path folder() {
    return folder;
  }

  /// Whether it holds rows that a contract kept back.
  public boolean hasQuarantine() {
    return Files.isDirectory(folder.resolve(PackageDraft.QUARANTINE));
  }

  /// All jobs, in every state, by state and then by file name.
  public List<StoredJob> jobs() {
    var entries = Manifest.read(folder);
    var jobs = new ArrayList<StoredJob>();
    for (var state : JobState.values()) {
      addJobs(state, entries, jobs);
    }
    return List.copyOf(jobs);
  }

  /// The jobs in one state, by file name.
  public List<StoredJob> jobs(JobState state) {
    var jobs = new ArrayList<StoredJob>();
    addJobs(state, Manifest.read(folder), jobs);
    return List.copyOf(jobs);
  }

  /// Where the files differ from what the manifest says of them, a sentence each: files that are
  /// gone (unless the package is loaded, when they may be) and files of another size.
  public List<String> damages() {
    var left = new TreeMap<>(Manifest.read(folder));
    var damages = new ArrayList<String>();
    for (var job : jobs()) {
      var written = left.remove(job.name().jobId());
      if (written != null && written.bytes() != job.bytes()) {
        damages.add(
            "The file '"
                + job.file()
                + "' was written with "
                + written.bytes()
                + " bytes and "
                + written.rows()
                + " rows, but has "
                + job.bytes()
                + " bytes; rows up to the damage can be read");
      }
    }
    if (stage != Stage.LOADED) {
      left.forEach((jobId, written) ->
          damages.add(
              "The file '"
                  + jobId
                  + "' of table '"
                  + written.table()
                  + "' with "
                  + written.rows()
                  + " rows is gone from '"
                  + folder
                  + "'; drop the package and extract again"));
    }
    return damages;
  }

  /// Refuses a package that has lost files: what is left would be taken for all of it.
  public void requireAllJobs() {
    var missing = new TreeSet<>(Manifest.read(folder).keySet());
    jobs().forEach(job -> missing.remove(job.name().jobId()));
    if (!missing.isEmpty()) {
      throw StoreException.refused(
          "Package '"
              + loadId
              + "' has lost the file of job '"
              + missing.first()
              + "'"
              + (missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more")
              + " in '"
              + folder
              + "'; restore it, or drop the package with dropPendingPackages() and extract again");
    }
  }

  private void addJobs(JobState state, Map<String, Manifest.Entry> entries, List<StoredJob> all) {
    var jobs = new ArrayList<StoredJob>();
    try (var files = Files.newDirectoryStream(folder.resolve(state.folder()))) {
      for (var file : files) {
        JobName.parse(String.valueOf(file.getFileName()))
            .ifPresent(name -> jobs.add(job(name, state, file, entries)));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (DirectoryIteratorException e) {
      throw StoreException.io("list", folder.resolve(state.folder()), e.getCause());
    } catch (IOException e) {
      throw StoreException.io("list", folder.resolve(state.folder()), e);
    }
    jobs.sort(BY_FILE_NAME);
    all.addAll(jobs);
  }

  private static StoredJob job(
      JobName name, JobState state, Path file, Map<String, Manifest.Entry> entries) {
    var entry = entries.get(name.jobId());
    var bytes = 0L;
    try {
      bytes = Files.size(file);
    } catch (IOException e) {
      bytes = entry == null ? 0 : entry.bytes(); // moved on while we look
    }
    return entry == null
        ? new StoredJob(name, state, file, OptionalLong.empty(), bytes)
        : new StoredJob(
            name.withTable(entry.table()), state, file, OptionalLong.of(entry.rows()), bytes);
  }

  /// The schema that the package was made with.
  public byte[] schema() {
    return file("schema.json")
        .orElseThrow(() ->
            StoreException.refused(
                "The package '"
                    + folder
                    + "' has no schema.json; drop it with dropPendingPackages() or restore it"));
  }

  /// `load_package_state.json`: when it was made, pipeline state, tables to drop or truncate.
  public Optional<byte[]> state() {
    return file("load_package_state.json");
  }

  /// The tables and columns that normalize added (before the load) or the load applied (after it).
  public Optional<byte[]> schemaUpdates() {
    return file("applied_schema_updates.json").or(() -> file("schema_updates.json"));
  }

  /// `loaded` or `aborted` once the package is completed.
  public Optional<String> completion() {
    return file("package_completed.json")
        .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }

  /// State and schemas of the pipeline before the package was extracted.
  @Seam
  public record RestorePoint(Optional<byte[]> state, Map<String, byte[]> schemas) {}

  /// What to go back to if the package is dropped; empty if nobody kept it.
  public Optional<RestorePoint> restorePoint() {
    var restore = folder.resolve(PackageDraft.RESTORE);
    if (!Files.isDirectory(restore)) {
      return Optional.empty();
    }
    var schemas = new LinkedHashMap<String, byte[]>();
    for (var file : PipelineFolder.list(restore.resolve("schemas"))) {
      if (file.endsWith(PipelineFolder.SCHEMA_SUFFIX)) {
        schemas.put(
            file.substring(0, file.length() - PipelineFolder.SCHEMA_SUFFIX.length()),
            PipelineFolder.readIfPresent(restore.resolve("schemas").resolve(file)).orElseThrow());
      }
    }
    return Optional.of(
        new RestorePoint(PipelineFolder.readIfPresent(restore.resolve("state.json")), schemas));
  }

  /// Why a failed job failed, as written beside it.
  public Optional<String> failure(StoredJob job) {
    return file(JobState.FAILED.folder() + "/" + job.name().fileName() + ".exception")
        .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }

  /// Any file of the package, named relative to its root.
  public Optional<byte[]> file(String name) {
    return PipelineFolder.readIfPresent(folder.resolve(name));
  }

  @Override
  public String toString() {
    return loadId + " (" + stage.name().toLowerCase(java.util.Locale.ROOT) + ")";
  }
}
