package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<String, Manifest.Entry> jobs = new ConcurrentHashMap<>();

  /// Ids of files begin with their number: sorted by name, the files of a table stand in the order
  /// in which they were begun, so that the same rows always make the same schema.
  private final AtomicInteger filesNamed = new AtomicInteger();

  private final Map<String, Integer> lastInOrder = new HashMap<>();

  PackageDraft(String loadId, Path folder, RandomGenerator random) {
    this.loadId = loadId;
    this.folder = folder;
    this.random = random;
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

  /// A writer of a table's rows; `format` is `jsonl` or `typed-jsonl`.
  public JobWriter writer(
      String table, String format, WriterSettings settings, Compressor compressor) {
    return new JobWriter(this, table, format, settings, compressor);
  }

  /// The name of a new job file, for formats that somebody else writes: write the file at
  /// [#jobPath(JobName)], then call [#register(JobName, long)].
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
      ordered = register(name, job.rows().orElse(0), job.bytes());
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

  /// Counts a finished job file.
  public StoredJob register(JobName name, long rows) {
    try {
      return register(name, rows, Files.size(jobPath(name)));
    } catch (IOException e) {
      throw StoreException.io("find the job file", jobPath(name), e);
    }
  }

  /// Takes a whole file as a job: linked where the file system can, else copied.
  public StoredJob take(Path file, String table, String format, long rows) {
    var name = newJob(table, format, false);
    var target = jobPath(name);
    try {
      var real = file.toRealPath();
      try {
        Files.createLink(target, real);
      } catch (IOException | UnsupportedOperationException elsewhere) {
        Files.copy(real, target);
      }
    } catch (IOException e) {
      throw StoreException.io("copy", file, e);
    }
    return register(name, rows);
  }

  StoredJob register(JobName name, long rows, long bytes) {
    jobs.put(name.jobId(), new Manifest.Entry(name.table(), rows, bytes));
    return new StoredJob(name, JobState.NEW, jobPath(name), OptionalLong.of(rows), bytes);
  }

  /// Takes over a job file that an earlier process was writing, cut off at `bytes`, where it held
  /// `rows` rows; it stands under its file name.
  public StoredJob adopt(String fileName, String table, long rows, long bytes) {
    var name =
        JobName.parse(fileName)
            .orElseThrow(() -> StoreException.refused("'" + fileName + "' is no job file's name"))
            .withTable(table);
    filesNamed.accumulateAndGet(numberOf(name) + 1, Math::max);
    cut(jobPath(name), bytes);
    return register(name, rows, bytes);
  }

  /// Cuts each file of rows set aside to its size at the last checkpoint; those without one go.
  public void cutQuarantine(Map<String, Long> sizes) {
    var quarantine = folder.resolve(QUARANTINE);
    for (var fileName : PipelineFolder.list(quarantine)) {
      var size = sizes.get(fileName);
      if (size == null) {
        delete(quarantine.resolve(fileName));
      } else {
        cut(quarantine.resolve(fileName), size);
      }
    }
  }

  private void cut(Path file, long bytes) {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (channel.size() < bytes) {
        throw StoreException.refused(
            "The file '"
                + file
                + "' has "
                + channel.size()
                + " bytes, but its checkpoint says "
                + bytes
                + "; delete the folder '"
                + folder
                + "' to extract anew");
      }
      if (channel.size() > bytes) {
        channel.truncate(bytes);
      }
    } catch (IOException e) {
      throw StoreException.io("cut off", file, e);
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
    var file = folder.resolve(name);
    try {
      Durable.writeSynced(file, content);
    } catch (IOException e) {
      throw StoreException.io("write", file, e);
    }
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
    var restore = folder.resolve(RESTORE);
    try {
      Files.createDirectories(restore.resolve("schemas"));
      if (state != null) {
        Durable.writeSynced(restore.resolve("state.json"), state);
      }
      for (var schema : schemas.entrySet()) {
        Durable.writeSynced(
            restore.resolve("schemas").resolve(schema.getKey() + PipelineFolder.SCHEMA_SUFFIX),
            schema.getValue());
      }
    } catch (IOException e) {
      throw StoreException.io("write", restore, e);
    }
  }

  /// Copies what goes on from stage to stage: rows that were set aside, and the restore point.
  void carry(Path earlier) {
    for (var kept : List.of(QUARANTINE, RESTORE)) {
      var from = earlier.resolve(kept);
      if (!Files.isDirectory(from)) {
        continue;
      }
      try (var files = Files.walk(from)) {
        for (var file : (Iterable<Path>) files::iterator) {
          var target = folder.resolve(kept).resolve(from.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(target);
          } else {
            Files.copy(file, target);
          }
        }
      } catch (UncheckedIOException e) {
        throw StoreException.io("copy", from, e.getCause());
      } catch (IOException e) {
        throw StoreException.io("copy", from, e);
      }
    }
  }

  /// Marks the draft as worth keeping when the process dies: what is needed to go on, durably. All
  /// that was flushed before is synced first.
  public void checkpoint(byte[] content) {
    try {
      Durable.syncTree(folder);
      Durable.replace(folder.resolve(CHECKPOINT), content);
      Durable.syncFolder(Durable.parent(folder));
    } catch (IOException e) {
      throw StoreException.io("write a checkpoint into", folder, e);
    }
  }

  /// What the last checkpoint said.
  public java.util.Optional<byte[]> checkpoint() {
    return PipelineFolder.readIfPresent(folder.resolve(CHECKPOINT));
  }

  boolean hasCheckpoint() {
    return Files.exists(folder.resolve(CHECKPOINT));
  }

  /// Makes the package whole and durable; only its move into place is left.
  void seal() {
    try {
      put(Manifest.FILE, Manifest.encode(jobs));
      Files.deleteIfExists(folder.resolve(CHECKPOINT));
      Durable.deleteAsides(folder);
      Durable.syncTree(folder);
      Durable.syncFolder(Durable.parent(folder));
    } catch (IOException e) {
      throw StoreException.io("sync the package", folder, e);
    }
  }
}
