/// Requests that survive a bad network.
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
