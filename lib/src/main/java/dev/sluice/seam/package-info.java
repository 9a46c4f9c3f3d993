/// The mark for what is public only because another package of this library needs it.
@NullMarked
package dev.sluice.seam;

import org.jspecify.annotations.NullMarked;
