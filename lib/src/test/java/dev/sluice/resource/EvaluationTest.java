package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.PipeException;
import dev.sluice.pipe.PipeSettings;
import dev.sluice.pipe.PipeSettings.NextItemMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class EvaluationTest {
  private final Rows rows = new Rows();

  @AfterEach
  void noThreadIsLeft() {
    assertThat(sluiceThreads()).isEmpty();
  }

  @Test
  void aParentIsEvaluatedOnceForAllItFeeds() throws Exception {
    var opened = new AtomicInteger();
    var items =
        Resource.of(
            "items",
            () -> {
              opened.incrementAndGet();
              return List.of(1, 2);
            });
    run(
        Source.of(
            "s",
            items.transform("plus", id -> id + 10),
            items.transform("minus", id -> -id),
            items.transform("plus2", id -> id + 20).transform("deep", id -> id * 10)));
    assertThat(opened).hasValue(1);
    assertThat(rows.byTable)
        .isEqualTo(
            Map.of("plus", List.of(11, 12), "minus", List.of(-1, -2), "deep", List.of(210, 220)));
  }

  @Test
  void aSelectedParentIsDeliveredToo() throws Exception {
    var items = Resource.of("items", () -> List.of(1, 2));
    run(Source.of("s", items, items.transform("plus", id -> id + 10)));
    assertThat(rows.byTable).isEqualTo(Map.of("items", List.of(1, 2), "plus", List.of(11, 12)));
  }

  @Test
  void aParentThatIsNotSelectedFeedsButIsNotDelivered() throws Exception {
    var items = Resource.of("items", () -> List.of(1, 2));
    var source = Source.of("s", items.selected(false), items.transform("plus", id -> id + 10));
    run(source);
    assertThat(rows.byTable).isEqualTo(Map.of("plus", List.of(11, 12)));
  }

  @Test
  void whatIsAddedToAParentInTheSourceHoldsForItsTransformers() throws Exception {
    var items = Resource.of("items", () -> List.of(1, 2, 3));
    run(Source.of("s", items.limit(2), items.transform("plus", id -> id + 10)));
    assertThat(rows.byTable).isEqualTo(Map.of("items", List.of(1, 2), "plus", List.of(11, 12)));
  }

  @Test
  void pagesStayPages() throws Exception {
    var pages =
        Resource.pages("p", () -> Stream.of(List.of(1, 2, 3), List.<Integer>of(), List.of(4)));
    run(
        Source.of(
            "s",
            pages.map(id -> id * 2).filter(id -> id != 8),
            pages.transformPages("sums", page -> List.of(page.stream().mapToInt(id -> id).sum()))));
    assertThat(rows.pages)
        .containsExactlyInAnyOrder(List.of(2, 4, 6), List.of(), List.of(12), List.of(0));
  }

  @Test
  void aLimitCountsElementsAndClosesTheGenerator() throws Exception {
    var log = new ArrayList<String>();
    var pages =
        Resource.of(
            "p",
            Integer.class,
            out -> {
              try {
                out.page(List.of(1, 2, 3));
                out.page(List.of());
                out.page(List.of(4));
                log.add("goes on");
              } finally {
                log.add("ended");
              }
            });
    run(Source.of("s", pages.limit(2)));
    assertThat(rows.all).containsExactly(1, 2, 3);
    assertThat(log).containsExactly("ended");
    rows.all.clear();
    run(Source.of("s", pages.limitRows(3)));
    assertThat(rows.all).containsExactly(1, 2, 3);
    rows.all.clear();
    run(Source.of("s", pages.limit(0)));
    run(Source.of("s", pages.limitTime(Duration.ZERO)));
    assertThat(rows.all).containsExactly(1, 2, 3);
  }

  @Test
  void aLimitHasNoEffectOnTransformers() throws Exception {
    run(Source.of("s", Resource.of("i", () -> List.of(1, 2)).transform("t", id -> id).limit(1)));
    assertThat(rows.all).containsExactly(1, 2);
  }

  @Test
  void rowsOfOtherTablesAreMarked() throws Exception {
    var mixed =
        Resource.of(
            "m",
            out -> {
              out.row(1);
              out.table("other", 2);
              out.table("pages", List.of(3, 4));
            });
    run(Source.of("s", mixed, mixed.transform("t", row -> row)));
    assertThat(rows.byTable)
        .isEqualTo(
            Map.of(
                "m",
                List.of(1),
                "other",
                List.of(2),
                "pages",
                List.of(3, 4),
                "t",
                List.of(1, 2, 3, 4)));
  }

  @Test
  void deferredCallsRunInThreadsOfThePoolAndAreBounded() throws Exception {
    var threads = ConcurrentHashMap.<String>newKeySet();
    var taken = new AtomicInteger();
    var done = new AtomicInteger();
    var ahead = Collections.synchronizedList(new ArrayList<Integer>());
    var items =
        Resource.of(
            "items", () -> IntStream.range(0, 200).boxed().peek(id -> taken.incrementAndGet()));
    var slow =
        items.transform(
            "slow",
            Deferred.defer(id -> {
              threads.add(Thread.currentThread().getName());
              ahead.add(taken.get() - done.get());
              Thread.sleep(1);
              done.incrementAndGet();
              return id;
            }));
    run(Source.of("s", slow), settings(3, 7, NextItemMode.FIFO));
    assertThat(rows.all).hasSize(200).doesNotHaveDuplicates();
    assertThat(threads).containsOnly("sluice-extract-1", "sluice-extract-2", "sluice-extract-3");
    assertThat(ahead).allMatch(count -> count <= 7 + 1);
  }

  @Test
  void asyncCallsHaveAVirtualThreadEach() throws Exception {
    var all = new CyclicBarrier(10);
    var virtual = Collections.synchronizedSet(new java.util.HashSet<Boolean>());
    var items = Resource.of("items", () -> IntStream.range(0, 20).boxed());
    run(
        Source.of(
            "s",
            items.transform(
                "t",
                Deferred.async(id -> {
                  virtual.add(Thread.currentThread().isVirtual());
                  all.await(); // ten at a time, or none goes on
                  return id;
                }))),
        settings(1, 10, NextItemMode.FIFO));
    assertThat(rows.all).hasSize(20);
    assertThat(virtual).isEqualTo(Set.of(true));
  }

  @Test
  void futuresAreAwaitedAndTheirStreamsRead() throws Exception {
    var items = Resource.of("items", () -> List.of(1, 2));
    run(
        Source.of(
            "s",
            items.transform(
                "t",
                Deferred.future(id -> CompletableFuture.supplyAsync(() -> (Object) List.of(id)))),
            Resource.of(
                "u",
                out -> {
                  out.future(CompletableFuture.completedFuture(Stream.of("a", "b")));
                  out.defer(() -> null);
                })));
    assertThat(rows.all).containsExactlyInAnyOrder(1, 2, "a", "b");
  }

  @Test
  void theFirstFailureEndsEverythingAndNamesResourceItemAndCause() {
    var interrupted = new CountDownLatch(1);
    var running = new CountDownLatch(1);
    var items = Resource.of("items", () -> IntStream.range(0, 1_000).boxed());
    var calls =
        items.transform(
            "details",
            Deferred.defer(id -> {
              if (id == 0) {
                running.countDown();
                try {
                  Thread.sleep(60_000);
                } catch (InterruptedException cancelled) {
                  interrupted.countDown();
                  throw cancelled;
                }
              }
              running.await();
              if (id == 3) {
                throw new IOException("boom");
              }
              return id;
            }));
    assertThatThrownBy(() -> run(Source.of("s", calls)))
        .isInstanceOf(PipeException.class)
        .hasMessage("Resource 'details' failed on item '3': IOException: boom")
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(interrupted.getCount()).as("the running call was cancelled").isZero();
  }

  @Test
  void aVirtualThreadIsCancelledToo() {
    var ended = new AtomicInteger();
    var items = Resource.of("items", () -> List.of(1, 2, 3));
    var calls =
        items.transform(
            "t",
            Deferred.async(id -> {
              if (id == 3) {
                throw new IllegalStateException("no");
              }
              try {
                Thread.sleep(60_000);
                return id;
              } finally {
                ended.incrementAndGet();
              }
            }));
    assertThatThrownBy(() -> run(Source.of("s", calls)))
        .hasMessage("Resource 't' failed on item '3': IllegalStateException: no");
    assertThat(ended).hasValue(2);
  }

  @Test
  void aGeneratorThatThrowsIsNamedWithItsPage() {
    var pages =
        Resource.of(
            "users",
            out -> {
              for (int page = 1; page < 7; page++) {
                out.page(List.of(page));
              }
              throw new IOException("connection reset");
            });
    for (var mode : NextItemMode.values()) {
      assertThatThrownBy(() -> run(Source.of("s", pages), settings(5, 20, mode)))
          .hasMessage("Resource 'users' failed on page 7: IOException: connection reset");
    }
  }

  @Test
  void aStepThatThrowsIsNamedWithItsItemOrPage() {
    var items = Resource.of("items", () -> List.of(Map.of("id", 1)));
    assertThatThrownBy(
            () -> run(Source.of("s", items.transform("t", row -> row.get("id") + 1 / zero()))))
        .hasMessage("Resource 't' failed on item '{id=1}': ArithmeticException: / by zero");
    var pages = Resource.pages("pages", () -> Stream.of(List.of(1, 2)));
    assertThatThrownBy(() -> run(Source.of("s", pages.transform("t", row -> row / zero()))))
        .hasMessage(
            "Resource 't' failed on page 1 of 'pages' (2 rows): ArithmeticException: / by zero");
  }

  @Test
  void aGeneratorThatSwallowsExceptionsDoesNotHideAFailure() {
    var stubborn =
        Resource.of(
            "stubborn",
            out -> {
              for (int i = 0; i < 10; i++) {
                try {
                  out.row(i);
                } catch (Exception ignored) {
                  // goes on
                }
              }
            });
    var failing = stubborn.transform("t", row -> row.hashCode() / zero());
    assertThatThrownBy(() -> run(Source.of("s", failing)))
        .hasMessage("Resource 't' failed on item '0': ArithmeticException: / by zero");
  }

  @Test
  void aFutureThatNeverComesEndsTheRun() {
    var items = Resource.of("items", () -> List.of(7));
    var never = items.transform("never", Deferred.future(id -> new CompletableFuture<Integer>()));
    var settings = new PipeSettings(5, 20, NextItemMode.FIFO, Duration.ofMillis(50), false);
    assertThatThrownBy(() -> run(Source.of("s", never), settings))
        .hasMessage(
            "Resource 'never' failed on item '7': TimeoutException: not completed after 0.05 s"
                + " (setting 'extract.futures_timeout')");
  }

  @ParameterizedTest
  @EnumSource(NextItemMode.class)
  void anInterruptEndsTheRun(NextItemMode mode) throws Exception {
    var begun = new CountDownLatch(1);
    var endless =
        Resource.of(
            "endless",
            out -> {
              begun.countDown();
              out.defer(() -> {
                Thread.sleep(60_000);
                return null;
              });
            });
    var failure = new CompletableFuture<Throwable>();
    var runner =
        Thread.ofPlatform()
            .start(() -> {
              try {
                run(Source.of("s", endless), settings(5, 20, mode));
                failure.complete(null);
              } catch (Throwable failed) {
                failure.complete(failed);
              }
            });
    begun.await();
    runner.interrupt();
    assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    runner.join();
  }

  @Test
  void whenOneResourceFailsTheGeneratorsOfTheOthersEnd() {
    var ended = new ArrayList<String>();
    var patient =
        Resource.of(
            "patient",
            out -> {
              try {
                for (int i = 0; ; i++) {
                  out.row(i);
                }
              } finally {
                ended.add("patient");
              }
            });
    var failing =
        Resource.of(
            "failing",
            out -> {
              out.row(1);
              throw new IllegalStateException("no more");
            });
    assertThatThrownBy(
            () -> run(Source.of("s", patient, failing), settings(5, 20, NextItemMode.ROUND_ROBIN)))
        .hasMessage("Resource 'failing' failed on item 2: IllegalStateException: no more");
    assertThat(ended).containsExactly("patient");
  }

  @ParameterizedTest
  @EnumSource(NextItemMode.class)
  void aCheckpointWaitsForAllThatWasMadeBefore(NextItemMode mode) throws Exception {
    var orders =
        Resource.of(
            "orders",
            out -> {
              for (int page = 0; page < 3; page++) {
                int number = page;
                out.defer(() -> {
                  Thread.sleep(5);
                  return List.of(number * 10, number * 10 + 1);
                });
                out.row(number * 10 + 2);
                out.state().put("page", number);
                out.checkpoint("after " + number);
              }
            });
    var slow =
        orders.transform(
            "slow",
            Deferred.async(row -> {
              Thread.sleep(2);
              return row;
            }));
    run(Source.of("s", orders, slow), settings(5, 20, mode));
    assertThat(rows.checkpoints)
        .extracting(Rows.Checkpoint::token, Rows.Checkpoint::rows, point -> page(point.state()))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("after 0", 6, 0),
            org.assertj.core.groups.Tuple.tuple("after 1", 12, 1),
            org.assertj.core.groups.Tuple.tuple("after 2", 18, 2));
    assertThat(rows.checkpoints.getFirst().resources()).containsExactly("orders", "slow");
  }

  @Test
  void aResourceGoesOnFromItsCheckpoint() throws Exception {
    var resource =
        Resource.of(
            "r",
            out -> {
              for (int i = out.resumedAt().map(Integer::parseInt).orElse(0); i < 5; i++) {
                out.row(i);
              }
            });
    var passing = EvaluationContext.passing(settings(5, 20, NextItemMode.FIFO));
    Evaluation.run(
        Source.of("s", resource),
        new EvaluationContext() {
          @Override
          public Map<String, Object> sourceState() {
            return passing.sourceState();
          }

          @Override
          public PipeSettings settings() {
            return passing.settings();
          }

          @Override
          public Optional<String> resumedAt(String name) {
            return Optional.of("3");
          }
        },
        rows);
    assertThat(rows.all).containsExactly(3, 4);
  }

  @Test
  void aLongWaitIsSaidAndItsEndToo() throws Exception {
    var said = new ArrayList<String>();
    var goOn = new CountDownLatch(1);
    var items = Resource.of("items", () -> List.of(7));
    var passing = EvaluationContext.passing(settings(5, 20, NextItemMode.FIFO));
    Evaluation.run(
        Source.of(
            "s",
            items.transform(
                "slow",
                Deferred.defer(id -> {
                  goOn.await();
                  return id;
                }))),
        new EvaluationContext() {
          @Override
          public Map<String, Object> sourceState() {
            return passing.sourceState();
          }

          @Override
          public PipeSettings settings() {
            return passing.settings();
          }

          @Override
          public void waiting(String why) {
            said.add(why);
            goOn.countDown();
          }
        },
        rows);
    assertThat(said).containsExactly("resource 'slow' waits for item '7'", null);
  }

  @Test
  void parallelizedResourcesAreReadSideBySideInOrder() throws Exception {
    var both = new CyclicBarrier(2);
    var resources = new ArrayList<Resource<?>>();
    resources.add(
        Resource.of(
                "pushed",
                out -> {
                  for (int i = 0; i < 20; i++) {
                    both.await();
                    out.row("a" + i);
                  }
                })
            .parallelized());
    resources.add(
        Resource.of(
                "pulled",
                () ->
                    IntStream.range(0, 20)
                        .mapToObj(i -> {
                          try {
                            both.await();
                          } catch (Exception broken) {
                            throw new IllegalStateException(broken);
                          }
                          return "b" + i;
                        }))
            .parallelized());
    run(Source.of("s", resources));
    assertThat(rows.byTable.get("pushed"))
        .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "a" + i).toList());
    assertThat(rows.byTable.get("pulled"))
        .isEqualTo(IntStream.range(0, 20).mapToObj(i -> "b" + i).toList());
  }

  @Test
  void aParallelizedResourceKeepsItsCheckpoints() throws Exception {
    var resource =
        Resource.of(
                "r",
                out -> {
                  out.row(1);
                  out.checkpoint("one");
                  out.row(2);
                  out.row(3);
                })
            .parallelized();
    run(Source.of("s", resource));
    assertThat(rows.all).containsExactly(1, 2, 3);
    assertThat(rows.checkpoints).extracting(Rows.Checkpoint::rows).containsExactly(1);
  }

  @Test
  void partsAreReadSideBySideInTheirOrder() throws Exception {
    var threads = ConcurrentHashMap.<String>newKeySet();
    var together = new CyclicBarrier(4);
    var parts =
        Resource.partitioned(
            "days",
            IntStream.range(0, 20).boxed().toList(),
            day -> {
              together.await();
              threads.add(Thread.currentThread().getName());
              return IntStream.range(0, 500).mapToObj(row -> day * 1_000 + row);
            });
    run(Source.of("s", parts), settings(4, 20, NextItemMode.FIFO));
    var expected =
        IntStream.range(0, 20)
            .boxed()
            .flatMap(day -> IntStream.range(0, 500).mapToObj(row -> (Object) (day * 1_000 + row)))
            .toList();
    assertThat(rows.all).isEqualTo(expected);
    assertThat(threads).hasSize(4);
  }

  @Test
  void aPartThatFailsIsNamed() {
    var parts =
        Resource.partitioned(
            "days",
            List.of("mon", "tue"),
            day -> {
              if (day.equals("tue")) {
                throw new IOException("gone");
              }
              return IntStream.range(0, 100_000).boxed();
            });
    assertThatThrownBy(() -> run(Source.of("s", parts)))
        .hasMessage("Resource 'days' failed on part 'tue': IOException: gone");
  }

  @Test
  void anIterationThatIsLeftEndsItsThreads() throws Exception {
    var endless =
        Resource.of(
            "endless",
            out -> {
              for (int i = 0; ; i++) {
                out.row(i);
              }
            });
    for (var row : endless) {
      if ((int) row == 3) {
        break;
      }
    }
    for (int i = 0; i < 500 && !sluiceThreads().isEmpty(); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(sluiceThreads()).isEmpty();
  }

  @Test
  void manyNestedGeneratorsAndDeferredCallsStayBounded() throws Exception {
    var items = Resource.of("items", () -> IntStream.range(0, 100_000).boxed());
    run(
        Source.of(
            "s",
            items.transform("calls", Deferred.defer(id -> id)),
            items.expand("nested", id -> Stream.of(id, -id))));
    assertThat(rows.byTable.get("calls")).hasSize(100_000);
    assertThat(rows.byTable.get("nested")).hasSize(200_000);
  }

  private static Object page(Map<String, Object> state) {
    return ((Map<?, ?>) ((Map<?, ?>) state.get("resources")).get("orders")).get("page");
  }

  private static int zero() {
    return 0;
  }

  private static List<String> sluiceThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("sluice-"))
        .toList();
  }

  private void run(Source source) throws Exception {
    run(source, settings(5, 20, NextItemMode.FIFO));
  }

  private void run(Source source, PipeSettings settings) throws Exception {
    Evaluation.run(source, EvaluationContext.passing(settings), rows);
  }

  private static PipeSettings settings(int workers, int items, NextItemMode mode) {
    return new PipeSettings(workers, items, mode, Duration.ofMinutes(1), false);
  }
}
