package dev.sluice.resource;

import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.Fn;
import dev.sluice.pipe.Step;
import dev.sluice.seam.Seam;
import java.util.stream.BaseStream;

/// A named function from the rows of one resource to the rows of another, not bound to its parent
/// yet.
///
/// ```java
/// var details = items.pipe(transformer("details", (Integer id) -> fetch(id)));
/// ```
@SuppressWarnings("UnusedTypeParameter") // they check that it fits its parent
public final class Transformer<A, B> {
  private final String name;
  private final Step step;

  private Transformer(String name, Step step) {
    this.name = Names.checked(name);
    this.step = step;
  }

  /// A row to a row; null = none.
  public static <A, B> Transformer<A, B> of(String name, Fn<A, B> row) {
    return new Transformer<>(name, Steps.rows(row));
  }

  /// A row to a row, computed beside the extraction.
  public static <A, B> Transformer<A, B> of(String name, Deferred<A, B> row) {
    return new Transformer<>(name, Steps.deferred(row));
  }

  /// A row to a stream of rows.
  public static <A, B> Transformer<A, B> expanding(
      String name, Fn<? super A, ? extends BaseStream<? extends B, ?>> rows) {
    return new Transformer<>(name, Steps.expand(rows));
  }

  /// What the transformer that is made for the cursor of the resource makes of each row.
  @Seam
  public static <A, B> Transformer<A, B> since(
      String name, Fn<Cursor<Object>, Transformer<A, B>> made) {
    return new Transformer<>(name, new SinceStep(cursor -> made.apply(cursor).step()));
  }

  /// The name of the resource that it makes of its parent.
  public String name() {
    return name;
  }

  Step step() {
    return step;
  }

  /// For instance `transformer 'details'`.
  @Override
  public String toString() {
    return "transformer '" + name + "'";
  }
}
