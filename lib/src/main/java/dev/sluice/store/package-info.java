/// The working directory of a pipeline, laid out as dlt lays it out: packages, jobs, state and
/// schema files, buffered writers, the lock, and the durable commit.
///
/// A folder is either whole or not there: everything is written aside, synced, and then moved by a
/// journal that the next opening rolls forward. Contents of state and schema files are bytes here;
/// what they mean is said in `schema`.
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
