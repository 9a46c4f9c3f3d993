package dev.sluice.resource;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When a resource has given enough.
///
/// - `items`: rows or pages as they were made; with `countsRows` rows, where a page is never cut
record Limit(@Nullable Long items, boolean countsRows, @Nullable Duration time) {}
