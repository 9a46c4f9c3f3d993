/// Rows that somebody looks at, as named columns: before it is decided who looks ([Grid]), as text
/// ([Cells]), and as a Tablesaw table ([Tables], the one class that loads Tablesaw).
@NullMarked
package dev.sluice.table;

import org.jspecify.annotations.NullMarked;
