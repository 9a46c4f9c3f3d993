package dev.sluice.pipe;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// An element that stands for a later one.
///
/// - `subject`: what it was made from, for messages; null if it was made from nothing
record Call(
    Deferred.Place place, Callable<? extends @Nullable Object> body, @Nullable Object subject)
    implements Special {}
