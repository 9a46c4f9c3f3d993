package dev.sluice.resource;

import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Fn;
import dev.sluice.pipe.Step;
import org.jspecify.annotations.Nullable;

/// A step that is made once the cursor of its resource is known.
record SinceStep(Fn<Cursor<Object>, Step> made) implements Step {
  Step at(Resource<?> resource, @Nullable CursorStep cursor) {
    if (cursor == null) {
      throw new IllegalStateException(
          resource + " asks for its cursor; declare it with .incremental(..)");
    }
    try {
      return made.apply(cursor);
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw new IllegalStateException(resource + " cannot begin: " + failed.getMessage(), failed);
    }
  }

  @Override
  public @Nullable Object apply(Object element, Flow flow) {
    throw new IllegalStateException("the cursor is not known yet");
  }
}
