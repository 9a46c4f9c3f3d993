/// Writes Parquet files of flat columns: a [Column] gathers the values of a row group, a
/// [ParquetWriter] encodes and appends it.
///
/// - values are stored plain, or by a dictionary where that saves half
/// - texts of one length, such as ids, are stored without it
/// - pages are compressed by Snappy where that saves a tenth of a sample
/// - headers and footer are written by hand: generated structures took 0.1 s to load
@NullMarked
package dev.sluice.parquet;

import org.jspecify.annotations.NullMarked;
