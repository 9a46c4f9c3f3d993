/// Evaluate items: steps, order, pools, bounds; what iterating a resource and extracting it share.
@NullMarked
package dev.sluice.pipe;

import org.jspecify.annotations.NullMarked;
