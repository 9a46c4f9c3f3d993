/// A named, lazy, re-openable supplier of rows or pages, with hints.
@NullMarked
package dev.sluice.resource;

import org.jspecify.annotations.NullMarked;
