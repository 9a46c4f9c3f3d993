/// The vocabulary of tables: columns, types, dispositions, contracts, names, state.
@NullMarked
package dev.sluice.schema;

import org.jspecify.annotations.NullMarked;
