/// Notebooks with the JJava kernel: what a cell returns is shown as a table or a picture,
/// everything of Sluice is imported, and a running stage is seen. An optional part: it needs
/// `org.dflib.jjava:jjava-jupyter`, which the kernel brings with it.
@NullMarked
package dev.sluice.notebook;

import org.jspecify.annotations.NullMarked;
