/// Views over the store and the destination as tables.
@NullMarked
package dev.sluice.inspect;

import org.jspecify.annotations.NullMarked;
