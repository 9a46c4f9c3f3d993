package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Where the elements of a pipe come from.
///
/// `parallelized` heads run ahead of the evaluation by one element, in a thread of their own.
@Seam
public sealed interface Head {
  /// Whether it runs beside the evaluation.
  boolean parallelized();

  /// Elements to be taken: `open` gives a stream, an Iterator or an Iterable.
  @Seam
  record Pull(Callable<?> open, boolean parallelized) implements Head {}

  /// Elements that are pushed.
  @Seam
  record Push(Generator<Object> generator, Memory memory, boolean parallelized) implements Head {}

  /// What a generator may ask for.
  @Seam
  interface Memory {
    /// That of a head that asks for nothing.
    Memory NONE =
        new Memory() {
          @Override
          public Map<String, Object> state() {
            return new java.util.HashMap<>();
          }

          @Override
          public Cursor<?> cursor(String path) {
            throw new java.util.NoSuchElementException(path);
          }

          @Override
          public Optional<String> resumedAt() {
            return Optional.empty();
          }
        };

    /// See [Out#state()].
    Map<String, Object> state();

    /// See [Out#cursor(String)].
    Cursor<?> cursor(String path);

    /// See [Out#resumedAt()].
    Optional<String> resumedAt();
  }
}
