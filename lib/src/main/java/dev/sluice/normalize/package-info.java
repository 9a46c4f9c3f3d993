/// Stage two: typed-jsonl into typed columns and nested tables.
@NullMarked
package dev.sluice.normalize;

import org.jspecify.annotations.NullMarked;
