package dev.sluice.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// A database in memory: its first connection stays open, so that its content stays.
final class MemoryDatabase {
  final ReentrantLock loading = new ReentrantLock();
  private @Nullable DuckDBConnection root;

  synchronized Connection connect() throws SQLException {
    if (root == null) root = DuckDb.open().unwrap(DuckDBConnection.class);
    return root.duplicate();
  }
}
