/// Stage one: resources into typed-jsonl files.
@NullMarked
package dev.sluice.extract;

import org.jspecify.annotations.NullMarked;
