/// Ready-made sources: REST, SQL, files.
@NullMarked
package dev.sluice.sources;

import org.jspecify.annotations.NullMarked;
