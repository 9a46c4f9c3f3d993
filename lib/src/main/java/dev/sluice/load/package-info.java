/// Stage three: load files into a destination, one commit for a package.
@NullMarked
package dev.sluice.load;

import org.jspecify.annotations.NullMarked;
