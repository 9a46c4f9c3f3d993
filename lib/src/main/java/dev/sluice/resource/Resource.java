package dev.sluice.resource;

import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.Fn;
import dev.sluice.pipe.From;
import dev.sluice.pipe.Generator;
import dev.sluice.pipe.Items;
import dev.sluice.pipe.Pages;
import dev.sluice.pipe.Rows;
import dev.sluice.pipe.Step;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.WriteDisposition;
import dev.sluice.seam.Seam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/// A name, rows that can be opened again and again, and what is to become of them. Immutable; every
/// wither gives a new resource.
///
/// ```java
/// var users = resource("users", () -> List.of(new User(1, "Ada"))).merge("id");
/// var names = users.transform("names", user -> Map.of("name", user.name()));
/// for (var row : names) IO.println(row);
/// ```
///
/// Declaring opens nothing. Iterating evaluates the rows exactly as a pipeline's `run` does, with
/// the settings of `[extract]`, but remembers nothing.
///
/// - `T`: always the row; a page is a List of rows
public final class Resource<T> implements Iterable<T> {
  private final String name;
  private final Flow flow;
  private final Hints hints;

  /// What decides about the rows themselves; resources that share it are evaluated once.
  record Flow(
      Start start,
      List<Step> steps,
      @Nullable Incremental<?> incremental,
      @Nullable Limit limit,
      boolean parallelized) {}

  private Resource(String name, Flow flow, Hints hints) {
    this.name = Names.checked(name);
    this.flow = flow;
    this.hints = hints;
  }

  private static <T> Resource<T> starting(String name, Start start) {
    return new Resource<>(name, new Flow(start, List.of(), null, null, false), Hints.NONE);
  }

  /// Rows of an Iterable.
  public static <T> Resource<T> of(String name, Items<T> rows) {
    return starting(name, new Start.Opened(rows::open));
  }

  /// Rows of a stream.
  public static <T> Resource<T> of(String name, Rows<T> rows) {
    return starting(name, new Start.Opened(rows::open));
  }

  /// Rows that code pushes.
  public static Resource<Object> of(String name, Generator<Object> generator) {
    return starting(name, new Start.Pushed(generator));
  }

  /// Rows of a class that code pushes. A record class declares its columns.
  @SuppressWarnings("unchecked")
  public static <T> Resource<T> of(String name, Class<T> type, Generator<T> generator) {
    return Resource.<T>starting(name, new Start.Pushed((Generator<Object>) generator)).type(type);
  }

  /// Rows since a cursor, which the pipeline remembers.
  @SuppressWarnings("unchecked")
  public static <C, T> Resource<T> of(
      String name, Incremental<C> incremental, From<Cursor<C>, T> rows) {
    return Resource.<T>starting(name, new Start.Since((From<Cursor<?>, T>) (From<?, T>) rows))
        .incremental(incremental);
  }

  /// Pages of rows.
  public static <T> Resource<T> pages(String name, Pages<T> pages) {
    return starting(
        name,
        new Start.Opened(() -> {
          var opened = pages.open();
          return opened instanceof Stream<?> stream ? stream.map(Resource::present) : opened;
        }));
  }

  private static <P> P present(@Nullable P page) {
    if (page == null) {
      throw new IllegalArgumentException("the page is null; give an empty list if it has no rows");
    }
    return page;
  }

  /// Rows of several parts, read side by side by `extract.workers` threads; they come in the order
  /// of the parts.
  ///
  /// ```java
  /// var days = Resource.partitioned("days", List.of("mon", "tue"), day -> read(day).stream());
  /// ```
  @SuppressWarnings("unchecked")
  public static <P, T> Resource<T> partitioned(
      String name,
      Collection<? extends P> parts,
      Fn<? super P, ? extends BaseStream<? extends T, ?>> rows) {
    return starting(
        name,
        new Start.Partitioned(
            List.copyOf(parts), (Fn<Object, ? extends BaseStream<?, ?>>) (Fn<?, ?>) rows));
  }

  /// The name; also that of the table, unless [#table(String)] says otherwise.
  public String name() {
    return name;
  }

  /// Declares the class of the rows: the columns of a record class are known before the first row.
  @SuppressWarnings("unchecked")
  public <R> Resource<R> type(Class<R> type) {
    return (Resource<R>) hinted(hints.withRecordColumns(RecordColumns.of(type)));
  }

  /// New rows replace those of the same key.
  ///
  /// - `keys`: the primary key; none = as declared by [#primaryKey] or [#columns]
  public Resource<T> merge(String... keys) {
    var merging = disposition(WriteDisposition.merge());
    return keys.length == 0 ? merging : merging.primaryKey(keys);
  }

  /// New rows are added: the default.
  public Resource<T> append() {
    return disposition(WriteDisposition.append());
  }

  /// New rows take the place of all.
  public Resource<T> replace() {
    return disposition(WriteDisposition.replace());
  }

  /// Rows are not loaded.
  public Resource<T> skip() {
    return disposition(WriteDisposition.skip());
  }

  /// What becomes of the rows that the table has.
  public Resource<T> disposition(WriteDisposition disposition) {
    return hinted(hints.withDisposition(disposition));
  }

  /// The columns that tell a row from all others.
  public Resource<T> primaryKey(String... columns) {
    return hinted(hints.withPrimaryKey(Arrays.asList(columns)));
  }

  /// The columns by which a merge finds the rows to replace.
  public Resource<T> mergeKey(String... columns) {
    return hinted(hints.withMergeKey(Arrays.asList(columns)));
  }

  /// Declares columns, by the names that the rows have; a second declaration of a column replaces
  /// the first.
  public Resource<T> columns(ColumnSchema... columns) {
    return hinted(hints.withColumns(Arrays.asList(columns)));
  }

  /// How deep lists become tables of their own; 0 = never.
  public Resource<T> maxTableNesting(int levels) {
    return hinted(hints.withMaxTableNesting(levels));
  }

  /// What may change in the table.
  public Resource<T> contract(SchemaContract contract) {
    return hinted(hints.withContract(contract));
  }

  /// Another name for the table.
  public Resource<T> table(String name) {
    return hinted(hints.withTable(name));
  }

  /// The table of each row.
  ///
  /// ```java
  /// events.table(event -> "event_" + event.kind());
  /// ```
  @SuppressWarnings("unchecked")
  public Resource<T> table(Fn<? super T, String> name) {
    return hinted(hints.withTableOf((Fn<Object, String>) name));
  }

  /// Whether the rows are loaded; if not, they still feed transformers that are.
  public Resource<T> selected(boolean selected) {
    return hinted(hints.withSelected(selected));
  }

  /// Declares things about the table that a list in the rows becomes.
  ///
  /// ```java
  /// orders.nested("items", table -> table.primaryKey("sku"));
  /// ```
  ///
  /// - `path`: names with dots, from this table down: `items.taxes`
  public Resource<T> nested(String path, UnaryOperator<Resource<Object>> hints) {
    var below = hints.apply(starting(path, new Start.Opened(List::of))).hints;
    return hinted(this.hints.withNested(List.of(path.split("\\.")), below));
  }

  /// Declares things about a table that the generator names itself ([dev.sluice.pipe.Out#table]);
  /// what is declared about this resource does not hold for it then.
  ///
  /// ```java
  /// orders.other("orders_refused", table -> table.append());
  /// ```
  public Resource<T> other(String table, UnaryOperator<Resource<Object>> hints) {
    var declared = hints.apply(starting(table, new Start.Opened(List::of))).hints;
    return hinted(this.hints.withOther(table, declared));
  }

  /// Rows that were loaded by an earlier run are left out; the pipeline remembers how far it came.
  public Resource<T> incremental(Incremental<?> incremental) {
    var flow =
        new Flow(
            this.flow.start, this.flow.steps, incremental, this.flow.limit, this.flow.parallelized);
    return new Resource<>(
        name, flow, hints.withIncrementalColumn(incremental.column().orElse(null)));
  }

  /// Changes each row; null = none.
  public Resource<T> map(Fn<? super T, ? extends T> change) {
    return then(Steps.rows(change));
  }

  /// Keeps some rows.
  public Resource<T> filter(Fn<? super T, Boolean> keep) {
    return then(Steps.filter(keep));
  }

  /// Ends after so many items: rows, or pages where pages are made. No effect on transformers.
  public Resource<T> limit(long items) {
    return limited(new Limit(items, false, time()));
  }

  /// Ends after so many rows; a page is never cut.
  public Resource<T> limitRows(long rows) {
    return limited(new Limit(rows, true, time()));
  }

  /// Ends after so much time.
  public Resource<T> limitTime(Duration time) {
    var before = flow.limit;
    return limited(
        before == null
            ? new Limit(null, false, time)
            : new Limit(before.items(), before.countsRows(), time));
  }

  /// Reads the rows in a thread of their own, one element ahead, beside other resources; their
  /// order stays.
  public Resource<T> parallelized() {
    var flow =
        new Flow(this.flow.start, this.flow.steps, this.flow.incremental, this.flow.limit, true);
    return new Resource<>(name, flow, hints.withParallelized(true));
  }

  /// A resource of a row for each row; null = none.
  public <R> Resource<R> transform(String name, Fn<? super T, ? extends R> row) {
    return child(name, Steps.rows(row));
  }

  /// A resource of a row for each row, computed beside the extraction.
  public <R> Resource<R> transform(String name, Deferred<? super T, R> row) {
    return child(name, Steps.deferred(row));
  }

  /// A resource of many rows for each row.
  public <R> Resource<R> expand(String name, Fn<? super T, ? extends Stream<? extends R>> rows) {
    return child(name, Steps.expand(rows));
  }

  /// A resource of a page for each page, as it was made.
  public <R> Resource<R> transformPages(
      String name, Fn<? super List<T>, ? extends List<? extends R>> pages) {
    return child(name, Steps.<T, R>pages(pages));
  }

  /// A resource of what the transformer makes of each row.
  public <R> Resource<R> pipe(Transformer<? super T, R> transformer) {
    return child(transformer.name(), transformer.step());
  }

  /// The rows, page after page taken apart.
  ///
  /// Threads of its own end with it: after the last row, or once it is no longer reachable.
  @Override
  public Iterator<T> iterator() {
    return Iteration.of(Source.of(name, selected(true)));
  }

  /// The first rows, as a table; evaluated as in a run, and nothing is written.
  ///
  /// ```java
  /// IO.println(users.head(20));
  /// ```
  public Table head(int rows) {
    return Head.of(this, rows);
  }

  /// Everything declared about the table.
  @Seam
  public Hints hints() {
    return hints;
  }

  /// What decides about the rows.
  Flow flow() {
    return flow;
  }

  /// The same resource fed by another parent.
  Resource<T> fedBy(Resource<?> parent) {
    if (!(flow.start instanceof Start.Child child) || child.parent() == parent) {
      return this;
    }
    return new Resource<>(
        name,
        new Flow(
            new Start.Child(parent, child.step()),
            flow.steps,
            flow.incremental,
            flow.limit,
            flow.parallelized),
        hints);
  }

  private @Nullable Duration time() {
    return flow.limit == null ? null : flow.limit.time();
  }

  private Resource<T> limited(Limit limit) {
    return new Resource<>(
        name, new Flow(flow.start, flow.steps, flow.incremental, limit, flow.parallelized), hints);
  }

  private Resource<T> then(Step step) {
    var steps = new ArrayList<>(flow.steps);
    steps.add(step);
    return new Resource<>(
        name,
        new Flow(flow.start, List.copyOf(steps), flow.incremental, flow.limit, flow.parallelized),
        hints);
  }

  private <R> Resource<R> child(String name, Step step) {
    return starting(name, new Start.Child(this, step));
  }

  private Resource<T> hinted(Hints hints) {
    return new Resource<>(name, flow, hints);
  }

  /// For instance `resource 'users'`.
  @Override
  public String toString() {
    return "resource '" + name + "'";
  }
}
