/// Typed and plain JSON: decimals, dates, times, bytes, UUID, records, enums.
@NullMarked
package dev.sluice.json;

import org.jspecify.annotations.NullMarked;
