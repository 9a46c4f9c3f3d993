package dev.sluice.store;

import dev.sluice.schema.VersionHash;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// A load package as it lies in its stage's folder. Reading it never changes anything.
@Seam
public final class StoredPackage {
  private static final Comparator<StoredJob> BY_FILE_NAME =
      Comparator.comparing(job -> String.valueOf(job.file().getFileName()));

  /// What to do about a package whose files are not those that were written.
  static final String REMEDY =
      "; restore it, or drop the package with dropPendingPackages() and extract again";

  static final String KNOWN_DESTINATION = "destination.json";
  static final String SAME_EXTRACT = "extract";

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

  /// What its files were written with; empty if another tool wrote it.
  Optional<Manifest> manifest() {
    return Manifest.read(folder);
  }

  private Map<String, Manifest.Entry> entries() {
    return manifest().map(Manifest::jobs).orElse(Map.of());
  }

  /// Why the content of its files cannot be compared with what was written; empty if it can.
  public Optional<String> unverified() {
    return manifest()
        .map(found ->
            found.sums()
                ? Optional.<String>empty()
                : Optional.of("unverified: an earlier release wrote it, without checksums"))
        .orElse(Optional.of("unverified: another tool wrote it, without checksums"));
  }

  /// All jobs, in every state, by state and then by file name.
  public List<StoredJob> jobs() {
    var entries = entries();
    var jobs = new ArrayList<StoredJob>();
    for (var state : JobState.values()) {
      addJobs(state, entries, jobs);
    }
    return List.copyOf(jobs);
  }

  /// The jobs in one state, by file name.
  public List<StoredJob> jobs(JobState state) {
    var jobs = new ArrayList<StoredJob>();
    addJobs(state, entries(), jobs);
    return List.copyOf(jobs);
  }

  /// Where the files differ from what the manifest says of them, a sentence each: files that are
  /// gone (unless the package is loaded, when they may be), jobs of another size, other files of
  /// another content.
  public List<String> damages() {
    var damages = new ArrayList<String>();
    var manifest = manifest();
    if (manifest.isEmpty()) {
      lostManifest().ifPresent(damages::add);
      return damages;
    }
    var left = new TreeMap<>(manifest.get().jobs());
    for (var job : jobs()) {
      var written = left.remove(job.name().jobId());
      if (written != null && written.sum().bytes() != job.bytes()) {
        damages.add(
            "The file '"
                + job.file()
                + "' was written with "
                + written.sum().bytes()
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
    manifest.get().files().forEach((name, sum) -> change(name, sum).ifPresent(damages::add));
    return damages;
  }

  /// Refuses a package whose files are not those that were written: one is gone, was added or has
  /// another size, one beside the jobs has another content, or the manifest itself is damaged or
  /// gone. Of the jobs nothing is read: see [Verification] and [JobReader#open(StoredJob)].
  public void requireWhole() {
    var manifest = manifest();
    if (manifest.isEmpty()) {
      lostManifest().ifPresent(this::refuse);
      return;
    }
    if (!manifest.get().sums() && ours()) {
      refuse(
          "The manifest '"
              + folder.resolve(Manifest.FILE)
              + "' is not the one that was written, which has checksums");
    }
    requireFiles();
    requireJobs(manifest.get());
  }

  private void requireJobs(Manifest manifest) {
    var missing = new TreeMap<>(manifest.jobs());
    for (var job : jobs()) {
      var written = missing.remove(job.name().jobId());
      if (written == null && manifest.sums()) {
        refuse(
            "The file '"
                + job.file()
                + "' does not stand in the manifest of package '"
                + loadId
                + "'; somebody put it there: take it away");
      }
      if (written != null && written.sum().bytes() != job.bytes()) {
        refuse(changed(job.file(), written.sum(), new FileSum(job.bytes(), null)));
      }
    }
    if (!missing.isEmpty()) {
      refuse(
          "Package '"
              + loadId
              + "' has lost the file of job '"
              + missing.firstKey()
              + "'"
              + (missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more")
              + " in '"
              + folder
              + "'");
    }
  }

  /// Refuses a package if a file beside its jobs does not hold what was written.
  public void requireFiles() {
    manifest()
        .map(Manifest::files)
        .orElse(Map.of())
        .forEach((name, written) -> change(name, written).ifPresent(this::refuse));
  }

  private void refuse(String damage) {
    throw StoreException.refused(damage + REMEDY);
  }

  /// A package that we wrote does not come without a manifest.
  private Optional<String> lostManifest() {
    return ours()
        ? Optional.of(
            "Package '"
                + loadId
                + "' has lost its manifest '"
                + folder.resolve(Manifest.FILE)
                + "', so that its files cannot be verified")
        : Optional.empty();
  }

  /// Whether the folder's record says that we wrote it, as it lies there now.
  private boolean ours() {
    var root = Durable.parent(Durable.parent(Durable.parent(folder)));
    return PackageRecord.read(root).stage(loadId).equals(Optional.of(stage));
  }

  /// In what a file beside the jobs differs from what was written; empty if in nothing.
  private Optional<String> change(String name, FileSum written) {
    var file = folder.resolve(name);
    if (!Files.exists(file)) {
      // dlt gives it that name when it begins to load
      return name.equals("schema_updates.json")
              && Files.exists(folder.resolve("applied_schema_updates.json"))
          ? Optional.empty()
          : Optional.of("Package '" + loadId + "' has lost the file '" + file + "'");
    }
    try {
      var now = FileSum.read(file);
      return written.fits(now) || rewritten(name)
          ? Optional.empty()
          : Optional.of(changed(file, written, now));
    } catch (IOException e) {
      throw StoreException.io("read", file, e);
    }
  }

  /// dlt notes there what it has loaded; its hash vouches for it then.
  private boolean rewritten(String name) {
    return name.equals("load_package_state.json")
        && file(name).filter(VersionHash::holds).isPresent();
  }

  static String changed(Path file, FileSum written, FileSum now) {
    return "The file '"
        + file
        + "' is damaged or was changed: "
        + (written.bytes() == now.bytes()
            ? "its checksum is not that of the " + written.bytes() + " bytes that were written"
            : "it was written with " + written.bytes() + " bytes, but has " + now.bytes());
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
      throw StoreException.io(
          "list", folder.resolve(state.folder()), Objects.requireNonNull(e.getCause()));
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
      bytes = entry == null ? 0 : entry.sum().bytes(); // moved on while we look
    }
    return entry == null
        ? new StoredJob(name, state, file, OptionalLong.empty(), bytes, Optional.empty())
        : new StoredJob(
            name.withTable(entry.table()),
            state,
            file,
            OptionalLong.of(entry.rows()),
            bytes,
            Optional.ofNullable(entry.sum().crc32c()));
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
  ///
  /// - refuses one that is damaged
  public Optional<RestorePoint> restorePoint() {
    var restore = folder.resolve(PackageDraft.RESTORE);
    if (!Files.isDirectory(restore)) {
      return Optional.empty();
    }
    requireRestorePoint(restore);
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

  /// By checksum; where there is none, or no manifest that can be read, by the hashes in the files.
  private void requireRestorePoint(Path restore) {
    Map<String, FileSum> written;
    try {
      written = manifest().map(Manifest::files).orElse(Map.of());
    } catch (StoreException damaged) {
      written = Map.of(); // it is to be dropped, perhaps for that
    }
    for (var file : restoreFiles(restore)) {
      var sum = written.get(folder.relativize(file).toString().replace('\\', '/'));
      var good =
          PipelineFolder.readIfPresent(file)
              .filter(content ->
                  sum == null ? VersionHash.holds(content) : sum.fits(FileSum.of(content)))
              .isPresent();
      if (!good) {
        throw StoreException.refused(
            "The file '"
                + file
                + "' is damaged, to which the pipeline would go back without package '"
                + loadId
                + "'; restore it, or delete the folder '"
                + restore
                + "' to keep state and schemas as they are now: then the rows of the package are not"
                + " extracted again by themselves");
      }
    }
  }

  private static List<Path> restoreFiles(Path restore) {
    var files = new ArrayList<Path>();
    if (Files.exists(restore.resolve("state.json"))) {
      files.add(restore.resolve("state.json"));
    }
    for (var name : PipelineFolder.list(restore.resolve("schemas"))) {
      files.add(restore.resolve("schemas").resolve(name));
    }
    return files;
  }

  /// The load ids of all packages of its extract; none if there was no other, or nobody noted it.
  public List<String> extractedWith() {
    return file(PackageDraft.RESTORE + "/" + SAME_EXTRACT)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList())
        .orElse(List.of());
  }

  /// What the pipeline knew of its destination when the package was extracted.
  public Optional<byte[]> knownDestination() {
    return file(PackageDraft.RESTORE + "/" + KNOWN_DESTINATION);
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
