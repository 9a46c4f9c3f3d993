/// Stage three: load files into a destination, one commit for a package.
///
/// Start reading at `Loading`, which takes the packages one by one; `PackageLoad` is what happens
/// inside the one transaction, `Migration` and `Catalog` what has to be created first, `JobFiles`
/// how rows get in, `Database` how DuckDB is opened.
@NullMarked
package dev.sluice.load;

import org.jspecify.annotations.NullMarked;
