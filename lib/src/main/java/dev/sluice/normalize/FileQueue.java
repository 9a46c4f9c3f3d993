package dev.sluice.normalize;

import dev.sluice.parquet.Scratch;
import dev.sluice.progress.StageProgress;
import dev.sluice.store.Compressor;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// The files of a package, normalized by one thread or several, with the same result.
///
/// Each file is begun against the schema as it stands then. Results are taken in the order of the
/// files; one that an earlier file's changes have overtaken is thrown away, and its file is done
/// again.
final class FileQueue {
  private static final int SEED_BYTES = 32;
  private static final String WORKER = "sluice-normalize-";

  private final StoredPackage extracted;
  private final PackageDraft draft;
  private final List<StoredJob> jobs;
  private final SchemaMerge merge;
  private final NormalizeSettings settings;
  private final Compressor compressor;
  private final RandomGenerator random;
  private final Instant now;
  private final StageProgress.Tally rows;
  private final StageProgress.Tally files;
  private final StageProgress stage;
  private final Queue<NormalizeInfo.Job> work = new ConcurrentLinkedQueue<>();
  private final Queue<Scratch> scratches = new ConcurrentLinkedQueue<>();
  private final long began = System.nanoTime();
  private final AtomicBoolean cancelled = new AtomicBoolean();

  FileQueue(
      StoredPackage extracted,
      PackageDraft draft,
      List<StoredJob> jobs,
      SchemaMerge merge,
      NormalizeSettings settings,
      Compressor compressor,
      RandomGenerator random,
      Instant now,
      StageProgress stage) {
    this.extracted = extracted;
    this.draft = draft;
    this.jobs = jobs;
    this.merge = merge;
    this.settings = settings;
    this.compressor = compressor;
    this.random = random;
    this.now = now;
    this.stage = stage;
    this.files = stage.tally("files");
    this.rows = stage.tally("rows");
  }

  /// What the workers did, by the time when they began it.
  List<NormalizeInfo.Job> work() {
    return work.stream().sorted(Comparator.comparing(NormalizeInfo.Job::startedAt)).toList();
  }

  /// Normalizes all files and gives their results in order; the first failure ends it.
  void run(Consumer<FileNormalizer.Result> done) {
    if (settings.workers() == 1 || jobs.size() == 1) {
      for (var job : jobs) {
        take(normalize(job, ids(), "worker 1"), done);
      }
      return;
    }
    var number = new AtomicInteger();
    var threads =
        Executors.newFixedThreadPool(
            Math.min(settings.workers(), jobs.size()),
            task -> {
              var thread = new Thread(task, WORKER + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      var results = new ArrayList<Future<FileNormalizer.Result>>();
      for (var job : jobs) {
        var ids = ids();
        results.add(
            threads.submit(() ->
                normalize(job, ids, Thread.currentThread().getName().replace(WORKER, "worker "))));
      }
      for (int i = 0; i < results.size(); i++) {
        take(inOrder(results.get(i), jobs.get(i)), done);
      }
    } finally {
      cancelled.set(true);
      threads.shutdownNow();
      threads.close();
    }
  }

  private FileNormalizer.Result inOrder(Future<FileNormalizer.Result> future, StoredJob job) {
    try {
      var result = future.get();
      if (merge.holds(result)) {
        return result;
      }
      result.files().forEach(draft::discard);
      result.quarantine().discard();
    } catch (ExecutionException failed) {
      if (jobs.getFirst() == job) {
        throw rethrown(failed);
      }
      // It may have failed only because it did not know what earlier files brought.
    } catch (InterruptedException | CancellationException interrupted) {
      Thread.currentThread().interrupt();
      throw new CannotNormalize("Interrupted while normalizing; run it again", interrupted);
    }
    return normalize(job, ids(), "again");
  }

  private static RuntimeException rethrown(ExecutionException failed) {
    if (failed.getCause() instanceof Error error) {
      throw error;
    }
    return failed.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(failed.getCause());
  }

  private void take(FileNormalizer.Result result, Consumer<FileNormalizer.Result> done) {
    merge.merge(result);
    files.add(1);
    var ordered = result.files().stream().map(draft::inOrder).toList();
    for (var file : ordered) {
      draft.sync(file);
      stage.file(file.table(), file.name().fileName(), file.rows().orElse(0));
    }
    done.accept(result.files(ordered));
  }

  private FileNormalizer.Result normalize(StoredJob job, RandomGenerator ids, String worker) {
    var start = System.nanoTime();
    var idle = scratches.poll();
    var scratch = idle == null ? Scratch.of() : idle;
    var file =
        new FileNormalizer(
            extracted,
            draft,
            job,
            merge.rules(),
            merge::table,
            merge::isWide,
            settings,
            compressor,
            scratch,
            ids,
            now,
            cancelled::get,
            rows::add);
    try {
      return file.run();
    } finally {
      scratches.add(scratch);
      work.add(
          new NormalizeInfo.Job(
              job.table(),
              job.name().fileName(),
              worker,
              now.plusNanos(start - began),
              Duration.ofNanos(System.nanoTime() - start)));
    }
  }

  /// A generator of its own for each file, so that threads need not share one.
  private RandomGenerator ids() {
    var seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
