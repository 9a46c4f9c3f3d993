package dev.sluice.pipe;

import dev.sluice.schema.ColumnSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// An [Out] that makes an element of each call.
final class Emitter implements Out<Object> {
  /// Takes an element; returns when the generator may go on.
  interface Emit {
    void element(@Nullable Object element);
  }

  private final Head.Memory memory;
  private final Emit emit;

  Emitter(Head.Memory memory, Emit emit) {
    this.memory = memory;
    this.emit = emit;
  }

  @Override
  public void row(Object row) {
    emit.element(row);
  }

  @Override
  public void page(List<?> rows) {
    emit.element(present(rows));
  }

  @Override
  public void table(String name, Object row) {
    emit.element(new Tabled(name, row));
  }

  @Override
  public void table(String name, List<?> rows) {
    emit.element(new Tabled(name, present(rows)));
  }

  private static List<?> present(@Nullable List<?> page) {
    if (page == null) {
      throw new IllegalArgumentException("the page is null; give an empty list if it has no rows");
    }
    return page;
  }

  @Override
  public boolean file(Path parquet, long rows, List<ColumnSchema> columns) {
    var offered =
        new Offered(new ReadyFile(parquet, rows, columns), new CompletableFuture<Boolean>());
    emit.element(offered);
    try {
      return offered.taken().get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Abandoned();
    } catch (ExecutionException | CancellationException failed) {
      throw new Abandoned();
    }
  }

  @Override
  public void defer(Callable<?> call) {
    emit.element(new Call(Deferred.Place.POOL, call, null));
  }

  @Override
  public void future(CompletionStage<?> later) {
    emit.element(new Call(Deferred.Place.ELSEWHERE, () -> later, null));
  }

  @Override
  public Map<String, Object> state() {
    return memory.state();
  }

  @Override
  @SuppressWarnings("unchecked")
  public <C> Cursor<C> cursor(String path) {
    return (Cursor<C>) memory.cursor(path);
  }

  @Override
  public void checkpoint(String token) {
    emit.element(new Checkpoint(Objects.requireNonNull(token)));
  }

  @Override
  public Optional<String> resumedAt() {
    return memory.resumedAt();
  }
}
