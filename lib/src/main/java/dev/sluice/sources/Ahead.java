package dev.sluice.sources;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The pages of one parent's row, fetched in the thread that asks; of an endless child only the
/// first, so that memory stays bounded. The others are fetched when somebody gets there.
final class Ahead implements Iterator<List<Map<String, @Nullable Object>>> {
  private static final int MOST_ROWS = 10_000;

  private final Iterator<List<Map<String, @Nullable Object>>> fetched;
  private final Iterator<List<Map<String, @Nullable Object>>> rest;

  private Ahead(
      Iterator<List<Map<String, @Nullable Object>>> fetched,
      Iterator<List<Map<String, @Nullable Object>>> rest) {
    this.fetched = fetched;
    this.rest = rest;
  }

  static Ahead of(Iterator<List<Map<String, @Nullable Object>>> pages) {
    var fetched = new ArrayList<List<Map<String, @Nullable Object>>>();
    for (int rows = 0; rows < MOST_ROWS && pages.hasNext(); ) {
      var page = pages.next();
      fetched.add(page);
      rows += page.size();
    }
    return new Ahead(fetched.iterator(), pages);
  }

  @Override
  public boolean hasNext() {
    return fetched.hasNext() || rest.hasNext();
  }

  @Override
  public List<Map<String, @Nullable Object>> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more pages");
    }
    return fetched.hasNext() ? fetched.next() : rest.next();
  }
}
