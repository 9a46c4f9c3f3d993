/// What every package may use: the mark for what is public only because another package of this
/// library needs it, and the words for what a file system refuses.
@NullMarked
package dev.sluice.seam;

import org.jspecify.annotations.NullMarked;
