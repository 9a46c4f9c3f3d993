package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A package being made: invisible to every stage until the working directory commits it.
///
/// Writers of different tables may be used by different threads.
@Seam
public final class PackageDraft {
  static final String QUARANTINE = "quarantine";
  static final String RESTORE = ".restore";

  private static final String CHECKPOINT = "checkpoint.json";

  private final String loadId;
  private final Path folder;
  private final RandomGenerator random;
  private final DraftFiles files;
  private final Map<String, Manifest.Entry> jobs = new ConcurrentHashMap<>();

  /// Ids of files begin with their number: sorted by name, the files of a table stand in the order
  /// in which they were begun, so that the same rows always make the same schema.
  private final AtomicInteger filesNamed = new AtomicInteger();

  private final Map<String, Integer> lastInOrder = new HashMap<>();

  private @Nullable SecretScan scan;

  PackageDraft(String loadId, Path folder, RandomGenerator random) {
    this.loadId = loadId;
    this.folder = folder;
    this.random = random;
    this.files = new DraftFiles(folder);
  }

  static PackageDraft create(String loadId, Path folder, RandomGenerator random) {
    try {
      for (var state : JobState.values()) {
        Files.createDirectories(folder.resolve(state.folder()));
      }
      // dlt lists these two folders of a package without asking whether they exist
      Files.createDirectories(folder.resolve(".exceptions"));
      Files.createDirectories(folder.resolve(".pending_transitions"));
    } catch (IOException e) {
      throw StoreException.io("create the package folder", folder, e);
    }
    return new PackageDraft(loadId, folder, random);
  }

  public String loadId() {
    return loadId;
  }

  public Path folder() {
    return folder;
  }

  /// Its files beside the jobs.
  public DraftFiles files() {
    return files;
  }

  /// From now on no row that holds a known secret is written.
  public void refuseSecrets(SecretScan scan) {
    this.scan = scan;
  }

  /// Refuses rows that hold one; with them the file has `rowsUpTo`.
  public void refuseSecrets(
      String table, String file, long rowsUpTo, byte[] bytes, int from, int count) {
    if (scan != null) {
      scan.rows(table, file, rowsUpTo, bytes, from, count);
    }
  }

  /// A writer of a table's rows; `format` is `jsonl` or `typed-jsonl`.
  public JobWriter writer(
      String table, String format, WriterSettings settings, Compressor compressor) {
    return new JobWriter(this, table, format, settings, compressor);
  }

  /// The name of a new job file, for formats that somebody else writes: write the file at
  /// [#jobPath(JobName)], then call [#register(JobName, long, FileSum)].
  public JobName newJob(String table, String format, boolean compressed) {
    int chance;
    synchronized (random) {
      chance = random.nextInt(0x10_0000);
    }
    var id = "%05x%05x".formatted(filesNamed.getAndIncrement() & 0xf_ffff, chance);
    return new JobName(table, id, 0, format, compressed);
  }

  /// The finished file under a name that stands behind those of its table that were put in order
  /// before: what several threads make at a time is begun in any order. For one thread.
  public StoredJob inOrder(StoredJob job) {
    var name = job.name();
    var ordered = job;
    if (numberOf(name) <= lastInOrder.getOrDefault(job.table(), -1)) {
      name = newJob(job.table(), name.format(), name.compressed());
      try {
        Files.move(job.file(), jobPath(name));
      } catch (IOException e) {
        throw StoreException.io("rename", job.file(), e);
      }
      jobs.remove(job.name().jobId());
      ordered = register(name, job.rows().orElse(0), sum(job));
    }
    lastInOrder.put(job.table(), numberOf(name));
    return ordered;
  }

  /// The number of a file as its id tells it; 0 for ids made elsewhere.
  private static int numberOf(JobName name) {
    return name.fileId().matches("[0-9a-f]{10}")
        ? Integer.parseInt(name.fileId().substring(0, 5), 16)
        : 0;
  }

  public Path jobPath(JobName name) {
    return folder.resolve(JobState.NEW.folder()).resolve(name.fileName());
  }

  private static FileSum sum(StoredJob job) {
    return new FileSum(job.bytes(), job.crc32c().orElse(null));
  }

  /// Takes a whole file of somebody else's as a job: a copy, for it may be changed or go.
  public StoredJob take(Path file, String table, String format, long rows) {
    var name = newJob(table, format, false);
    try {
      return register(name, rows, DraftFiles.copy(file.toRealPath(), jobPath(name)));
    } catch (IOException e) {
      throw StoreException.io("copy", file, e);
    }
  }

  /// Takes a whole job of an earlier stage, whose file must hold what was written: by a second name
  /// where we wrote it ourselves and the file system can, else as a copy.
  public StoredJob take(StoredJob job, String table) {
    var name = newJob(table, job.name().format(), false);
    var target = jobPath(name);
    try {
      if (job.crc32c().isEmpty() || !linked(job.file(), target)) {
        DraftFiles.copy(job.file(), target);
      }
      var now = FileSum.read(target);
      if (!sum(job).fits(now)) {
        throw StoreException.refused(StoredPackage.changed(job.file(), sum(job), now));
      }
      return register(name, job.rows().orElse(0), now);
    } catch (IOException e) {
      throw StoreException.io("copy", job.file(), e);
    }
  }

  private static boolean linked(Path file, Path target) {
    try {
      Files.createLink(target, file);
      return true;
    } catch (IOException | UnsupportedOperationException elsewhere) {
      return false;
    }
  }

  /// Counts a finished job file.
  public StoredJob register(JobName name, long rows, FileSum sum) {
    jobs.put(name.jobId(), new Manifest.Entry(name.table(), rows, sum));
    return new StoredJob(
        name,
        JobState.NEW,
        jobPath(name),
        OptionalLong.of(rows),
        sum.bytes(),
        Optional.ofNullable(sum.crc32c()));
  }

  /// Takes over a job file that an earlier process was writing, cut off at `kept`, where it held
  /// `rows` rows; it stands under its file name. A whole file is not cut.
  public StoredJob adopt(String fileName, String table, long rows, FileSum kept) {
    var name =
        JobName.parse(fileName)
            .orElseThrow(() -> StoreException.refused("'" + fileName + "' is no job file's name"))
            .withTable(table);
    filesNamed.accumulateAndGet(numberOf(name) + 1, Math::max);
    var file = jobPath(name);
    try {
      var lines = name.format().equals("typed-jsonl");
      return register(
          name, rows, lines ? DraftFiles.cut(file, kept) : DraftFiles.whole(file, kept));
    } catch (IOException e) {
      throw StoreException.io("take over", file, e);
    }
  }

  /// Cuts each file of rows set aside to what it held at the last checkpoint; those without one go.
  public void cutQuarantine(Map<String, FileSum> kept) {
    var quarantine = folder.resolve(QUARANTINE);
    for (var fileName : PipelineFolder.list(quarantine)) {
      var file = quarantine.resolve(fileName);
      var sum = kept.get(fileName);
      if (sum == null) {
        delete(file);
        continue;
      }
      try {
        files.written(file, DraftFiles.cut(file, sum));
      } catch (IOException e) {
        throw StoreException.io("cut off", file, e);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StoreException.io("delete", file, e);
    }
  }

  /// Deletes all job files but the registered ones: what came after the last checkpoint.
  public void dropUnregistered() {
    var files = folder.resolve(JobState.NEW.folder());
    for (var fileName : PipelineFolder.list(files)) {
      var known =
          JobName.parse(fileName).filter(name -> jobs.containsKey(name.jobId())).isPresent();
      if (!known) {
        delete(files.resolve(fileName));
      }
    }
  }

  /// Writes a finished job file through to the disk while others are still being made, so that
  /// little is left to wait for at the end.
  public void sync(StoredJob job) {
    try {
      Durable.syncFile(job.file());
    } catch (IOException e) {
      throw StoreException.io("sync", job.file(), e);
    }
  }

  /// Removes a finished job file, for work that is done again.
  public void discard(StoredJob job) {
    discard(job.name());
  }

  /// Removes a job file, finished or not.
  public void discard(JobName name) {
    jobs.remove(name.jobId());
    delete(jobPath(name));
  }

  /// Job files that are finished.
  public int jobCount() {
    return jobs.size();
  }

  /// Writes `schema.json`.
  public void schema(byte[] content) {
    if (scan != null) {
      scan.content("The schema of package " + loadId, content);
    }
    put("schema.json", content);
  }

  /// Writes `schema_updates.json`.
  public void schemaUpdates(byte[] content) {
    put("schema_updates.json", content);
  }

  /// Writes `load_package_state.json`.
  public void state(byte[] content) {
    put("load_package_state.json", content);
  }

  /// Writes another file of ours into the package's root.
  public void put(String name, byte[] content) {
    files.put(name, content);
  }

  /// A file of rows that are set aside instead of being loaded: an object of JSON a line.
  public Path quarantineFile(JobName job) {
    var quarantine = folder.resolve(QUARANTINE);
    try {
      Files.createDirectories(quarantine);
    } catch (IOException e) {
      throw StoreException.io("create the folder", quarantine, e);
    }
    return quarantine.resolve(new JobName(job.table(), job.fileId(), 0, "jsonl", false).jobId());
  }

  /// What to go back to if the package is dropped: the pipeline's state and schemas before it, as
  /// dlt keeps them.
  public void restorePoint(byte @Nullable [] state, Map<String, byte[]> schemas) {
    var folders = folder.resolve(RESTORE).resolve("schemas");
    try {
      Files.createDirectories(folders);
    } catch (IOException e) {
      throw StoreException.io("create the folder", folders, e);
    }
    if (state != null) {
      put(RESTORE + "/state.json", state);
    }
    schemas.forEach((name, content) ->
        put(RESTORE + "/schemas/" + name + PipelineFolder.SCHEMA_SUFFIX, content));
  }

  /// Writes beside the restore point which packages are of the same extract.
  public void extractedWith(List<String> loadIds) {
    put(
        RESTORE + "/" + StoredPackage.SAME_EXTRACT,
        String.join("\n", loadIds).getBytes(StandardCharsets.UTF_8));
  }

  /// Writes beside the restore point what the pipeline knew of its destination.
  public void knownDestination(byte[] content) {
    put(RESTORE + "/" + StoredPackage.KNOWN_DESTINATION, content);
  }

  /// Copies what goes on from stage to stage: rows that were set aside, and the restore point.
  void carry(StoredPackage earlier) {
    var written = earlier.manifest().map(Manifest::files).orElse(Map.of());
    for (var kept : List.of(QUARANTINE, RESTORE)) {
      var from = earlier.folder().resolve(kept);
      if (!Files.isDirectory(from)) {
        continue;
      }
      try (var all = Files.walk(from)) {
        for (var file : (Iterable<Path>) all::iterator) {
          var name = earlier.folder().relativize(file).toString();
          var target = folder.resolve(name);
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
            continue;
          }
          Files.copy(file, target);
          var sum = FileSum.read(target);
          var before = written.get(name.replace('\\', '/'));
          if (before != null && !before.fits(sum)) {
            throw StoreException.refused(StoredPackage.changed(file, before, sum));
          }
          files.written(target, sum);
        }
      } catch (UncheckedIOException e) {
        throw StoreException.io("copy", from, Objects.requireNonNull(e.getCause()));
      } catch (IOException e) {
        throw StoreException.io("copy", from, e);
      }
    }
  }

  /// Marks the draft as worth keeping when the process dies: what is needed to go on, durably. All
  /// that was flushed before is synced first.
  public void checkpoint(byte[] content) {
    if (scan != null) {
      scan.content("The checkpoint of package " + loadId, content);
    }
    try {
      Durable.syncTree(folder);
      Durable.replace(folder.resolve(CHECKPOINT), SelfChecked.seal(content));
      Durable.syncFolder(Durable.parent(folder));
    } catch (IOException e) {
      throw StoreException.io("write a checkpoint into", folder, e);
    }
  }

  /// What the last checkpoint said, an object of JSON.
  public Optional<byte[]> checkpoint() {
    var file = folder.resolve(CHECKPOINT);
    var content = PipelineFolder.readIfPresent(file);
    content.ifPresent(bytes -> requireCheckpoint(file, bytes));
    return content;
  }

  /// One of the release before has no checksum, and begins with its source.
  private void requireCheckpoint(Path file, byte[] bytes) {
    if (SelfChecked.isSealed(bytes)) {
      SelfChecked.require(bytes, () -> damagedCheckpoint(file));
    } else if (!new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1)
        .startsWith("{\"source\":")) {
      throw damagedCheckpoint(file);
    }
  }

  private StoreException damagedCheckpoint(Path file) {
    return StoreException.refused(
        "The checkpoint '"
            + file
            + "' is damaged (its own checksum does not fit); restore it, or delete the folder '"
            + folder
            + "' to extract anew");
  }

  boolean hasCheckpoint() {
    return Files.exists(folder.resolve(CHECKPOINT));
  }

  /// Makes the package whole and durable; only its move into place is left.
  void seal() {
    try {
      var manifest = Manifest.of(jobs, files.all(QUARANTINE, RESTORE));
      Durable.writeSynced(folder.resolve(Manifest.FILE), manifest.encode());
      Files.deleteIfExists(folder.resolve(CHECKPOINT));
      Durable.deleteAsides(folder);
      Durable.syncTree(folder);
      Durable.syncFolder(Durable.parent(folder));
    } catch (IOException e) {
      throw StoreException.io("sync the package", folder, e);
    }
  }
}
