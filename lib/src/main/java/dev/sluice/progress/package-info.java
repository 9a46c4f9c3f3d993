/// What a person sees while a pipeline runs.
@NullMarked
package dev.sluice.progress;

import org.jspecify.annotations.NullMarked;
