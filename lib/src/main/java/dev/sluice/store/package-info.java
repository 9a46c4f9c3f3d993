/// The working directory: packages, jobs, state file, writers, lock, durable commit.
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
