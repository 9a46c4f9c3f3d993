package dev.sluice.pipe;

import dev.sluice.schema.ColumnSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/// Where a [Generator] pushes its rows. To be called by the generator's own thread.
///
/// ```java
/// var orders = resource("orders", out -> {
///   var page = out.resumedAt().map(Integer::parseInt).orElse(0);
///   for (; page < 1_000; page++) {
///     out.page(ordersOf(page));
///     out.checkpoint(String.valueOf(page + 1));
///   }
/// });
/// ```
public interface Out<T> {
  /// A row of the resource's table.
  void row(T row);

  /// A page of rows, which stays together.
  void page(List<? extends T> rows);

  /// A row of another table of the same resource.
  void table(String name, T row);

  /// A page of rows of another table of the same resource.
  void table(String name, List<? extends T> rows);

  /// Hands over a Parquet file that holds rows of the resource's table ready for the destination:
  /// it is copied into the package, and its rows are neither read nor changed on the way.
  ///
  /// ```java
  /// var orders = resource("orders", out -> {
  ///   var id = ColumnSchema.of("id", DataType.BIGINT);
  ///   if (!out.file(Path.of("orders.parquet"), 1_000, List.of(id))) {
  ///     out.page(readRows("orders.parquet"));
  ///   }
  /// });
  /// ```
  ///
  /// Rows of such a file have no `_dlt_id` and no `_dlt_load_id`, unless the table has these
  /// columns or `normalize.parquet_normalizer.add_dlt_id` and `.add_dlt_load_id` (false) ask for
  /// them. The file is yours: it may only be readable, and may change or go afterwards. Btrfs, XFS
  /// and others let the copy share its blocks until then.
  ///
  /// - `rows`: how many it holds
  /// - `columns`: all of its columns in order, each with its type
  /// - returns false if it cannot go that way, so that its rows must be pushed instead: the
  ///   resource has steps, a cursor, a key to merge by or columns declared otherwise, a name would
  ///   be changed, the contract does not let the table evolve, or the table has other types
  boolean file(Path parquet, long rows, List<ColumnSchema> columns);

  /// A row, page or stream of rows that a thread of the pool computes: up to `extract.workers` (5)
  /// at once. Waits while `extract.max_parallel_items` (20) are under way.
  void defer(Callable<?> call);

  /// A row, page or stream of rows that comes later.
  void future(CompletionStage<?> later);

  /// What the resource remembers from run to run; kept together with the data of this run.
  Map<String, Object> state();

  /// The cursor that the resource declares for that path.
  <C> Cursor<C> cursor(String path);

  /// Makes everything pushed so far durable, deferred rows and rows made from them too: a run that
  /// is cut off after this goes on from here.
  ///
  /// - `token`: what [#resumedAt()] says then; any text
  void checkpoint(String token);

  /// The token of the last checkpoint of a run that was cut off.
  Optional<String> resumedAt();
}
