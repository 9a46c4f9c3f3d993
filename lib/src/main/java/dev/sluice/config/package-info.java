/// Find a setting or secret, and remember where it came from.
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
