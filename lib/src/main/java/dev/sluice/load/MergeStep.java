package dev.sluice.load;

/// One statement of a merge.
///
/// - `sql`: the statement
/// - `table`: the table of the schema whose rows it is about
/// - `effect`: what its update count counts
record MergeStep(String sql, String table, Effect effect) {
  /// What a statement does to the rows that were there before the load.
  enum Effect {
    /// Nothing: it makes or drops a temporary table, or fills keys of old rows.
    PREPARE,
    /// Adds rows; none that was there changes.
    INSERT,
    /// Ends the validity of rows that were there; the time of the load tells which.
    RETIRE,
    /// Changes rows that were there, or adds to what is nested in them.
    UPDATE,
    /// Removes rows that were there.
    DELETE;

    /// Whether a load with such a step that touched a row cannot be taken back, since what was
    /// there is gone.
    boolean replaces() {
      return this == UPDATE || this == DELETE;
    }
  }
}
