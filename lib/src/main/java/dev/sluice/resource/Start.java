package dev.sluice.resource;

import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Fn;
import dev.sluice.pipe.From;
import dev.sluice.pipe.Generator;
import dev.sluice.pipe.Step;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.BaseStream;

/// Where the rows of a resource come from.
sealed interface Start {
  /// A stream or Iterable, opened anew each time.
  record Opened(Callable<?> open) implements Start {}

  /// Code that pushes.
  record Pushed(Generator<Object> generator) implements Start {}

  /// A stream that is opened with the resource's cursor.
  record Since(From<Cursor<?>, ?> open) implements Start {}

  /// Streams of parts, read side by side.
  record Partitioned(List<?> parts, Fn<Object, ? extends BaseStream<?, ?>> rows) implements Start {}

  /// The rows of another resource, taken through a step.
  record Child(Resource<?> parent, Step step) implements Start {}
}
