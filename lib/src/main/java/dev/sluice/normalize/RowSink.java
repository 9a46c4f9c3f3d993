package dev.sluice.normalize;

import dev.sluice.store.StoredJob;
import java.util.List;

/// Where the rows of one table go on their way into load files, a value at a time. The rows of a
/// root row are kept or taken back together, with those in the sinks of other tables.
///
/// A text is given as it stands in JSON, without its quotes. Not for several threads.
interface RowSink {
  /// Begins a row.
  void begin();

  /// A text. `escaped` tells whether there is a backslash in it, as one of `\" \\ \/ \b \f \n \r
  /// \t`.
  void text(ColumnState column, byte[] json, int from, int to, boolean escaped);

  /// A whole number of at most 18 digits, for a bigint of 64 bits.
  void whole(ColumnState column, byte[] json, int from, int to);

  /// As [#whole(ColumnState, byte[], int, int)].
  void whole(ColumnState column, long number);

  /// A number without an exponent, for a double; `whole` if there is no point in it.
  void floating(ColumnState column, byte[] json, int from, int to, boolean whole);

  void bool(ColumnState column, boolean value);

  /// A timestamp in the common form: `2024-01-02T03:04:05`, fraction and zone or not.
  ///
  /// - returns false, having written nothing, for any other text, be it a timestamp or not
  boolean timestamp(ColumnState column, byte[] text, int from, int to);

  /// A value that [Coercion] made for this column.
  ///
  /// - fails with [IllegalArgumentException] naming column and value if it does not fit; nothing is
  ///   written then
  void value(ColumnState column, Object value);

  /// Takes notice that a column is about to get another type; no row is begun.
  void retype(ColumnState column);

  /// Ends a row.
  void end();

  /// Rows that were ended, but neither kept nor taken back.
  int pending();

  /// Keeps the rows.
  void keep();

  /// Takes the rows back, and the one that was begun.
  void takeBack();

  /// Whether there is anything for a file.
  boolean used();

  /// Makes sure that there is a file, of these columns, even if there are no rows.
  void ensureFile(Iterable<ColumnState> columns);

  /// Rows that were kept.
  long rows();

  /// Writes the rest and returns all files.
  List<StoredJob> finish();

  /// Deletes what was written.
  void discard();
}
