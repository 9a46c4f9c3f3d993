package dev.sluice.resource;

import dev.sluice.config.Config;
import dev.sluice.pipe.Engine;
import dev.sluice.pipe.PipeException;
import dev.sluice.pipe.PipeSettings;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// The rows of a source, one by one, outside a pipeline.
final class Iteration<T> implements Iterator<T> {
  /// Ends the threads of iterations that were left before their end.
  private static final Cleaner CLEANER = Cleaner.create();

  private static final Object NONE = new Object();

  private final Engine engine;
  private Iterator<?> page = Collections.emptyIterator();
  private Object next = NONE;
  private boolean ended;

  private Iteration(Engine engine) {
    this.engine = engine;
    CLEANER.register(this, engine::close);
  }

  static <T> Iterator<T> of(Source source) {
    var config =
        Config.of(System.getenv(), Path.of(""), Thread.currentThread().getContextClassLoader());
    var settings = PipeSettings.of(config, source.name(), null);
    return new Iteration<>(Evaluation.open(source, EvaluationContext.passing(settings)));
  }

  @Override
  public boolean hasNext() {
    while (next == NONE && !ended) {
      if (page.hasNext()) {
        next = page.next();
        continue;
      }
      try {
        var output = engine.next();
        if (output == null) {
          ended = true;
        } else if (output.element() instanceof List<?> rows) {
          page = rows.iterator();
        } else {
          next = output.element();
        }
      } catch (RuntimeException failed) {
        throw failed;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new PipeException("", "Reading rows was interrupted", interrupted);
      } catch (Exception failed) {
        throw new PipeException("", "Cannot read rows: " + failed.getMessage(), failed);
      }
    }
    return next != NONE;
  }

  @Override
  @SuppressWarnings("unchecked")
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    var row = (T) next;
    next = NONE;
    return row;
  }
}
