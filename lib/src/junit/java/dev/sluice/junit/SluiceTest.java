package dev.sluice.junit;

import dev.sluice.Pipeline;
import dev.sluice.Sluice;
import dev.sluice.http.Http;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tech.tablesaw.api.Table;

/// A pipeline for one test: its folders and its DuckDB file are temporary, and the network is a
/// recording.
///
/// ```java
/// class BlogTest {
///   @RegisterExtension final SluiceTest sluice = SluiceTest.of().replay("recordings/blog");
///
///   @Test
///   void loadsPosts() {
///     sluice.pipeline().run(Blog.source(sluice.http()));
///     sluice.table("posts").hasColumns("id", "title").hasRows(3).contains(Map.of("id", 1, "title", "Valves"));
///   }
/// }
/// ```
///
/// `-Dsluice.record=true` asks the network instead and stores the recording in
/// `src/test/resources`.
public final class SluiceTest implements BeforeEachCallback, AfterEachCallback {
  private static final Path RESOURCES = Path.of("src/test/resources");

  private final @Nullable String recording;
  private @Nullable Path folder;
  private @Nullable Pipeline pipeline;
  private @Nullable ClassLoader loader;

  private SluiceTest(@Nullable String recording) {
    this.recording = recording;
  }

  /// A test without a network.
  public static SluiceTest of() {
    return new SluiceTest(null);
  }

  /// A test whose network is a folder of the class path that [Http#record] has filled.
  public SluiceTest replay(String folder) {
    return new SluiceTest(folder);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    var made = Files.createTempDirectory("sluice-test");
    folder = made;
    loader = context.getRequiredTestClass().getClassLoader();
    pipeline =
        Sluice.pipeline("test")
            .to(Sluice.duckdb(made.resolve("test.duckdb")))
            .pipelinesDir(made.resolve("pipelines"));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    try (var files = Files.walk(folder())) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /// A temporary folder, which is deleted after the test.
  public Path folder() {
    return running(folder);
  }

  /// The pipeline, named `test`; it loads into DuckDB.
  public Pipeline pipeline() {
    return running(pipeline);
  }

  /// A client that answers from the recording.
  public Http http() {
    if (recording == null) {
      throw new IllegalStateException(
          "There is no recording to answer from; name its folder: SluiceTest.of().replay(\"..\")");
    }
    return Boolean.getBoolean("sluice.record")
        ? Sluice.http().record(RESOURCES.resolve(recording))
        : Sluice.http().replay(running(loader), recording);
  }

  /// A table of the destination, to look at.
  public Rows table(String name) {
    return new Rows(name, pipeline().table(name));
  }

  private static <T> T running(@Nullable T value) {
    return Objects.requireNonNull(
        value, "No test is running; register this with @RegisterExtension in a field");
  }

  /// The rows of a table; each method is an AssertionError that shows the table if it does not
  /// hold. Numbers are compared by value, everything else by its text.
  public static final class Rows {
    private final String name;
    private final Table table;

    private Rows(String name, Table table) {
      this.name = name;
      this.table = table;
    }

    /// There are so many rows.
    public Rows hasRows(long count) {
      return holds(table.rowCount() == count, "has " + table.rowCount() + " rows, not " + count);
    }

    /// These are columns; there may be others.
    public Rows hasColumns(String... names) {
      var missing = new ArrayList<>(List.of(names));
      missing.removeAll(table.columnNames());
      return holds(missing.isEmpty(), "has no column " + missing);
    }

    /// A row has these values; it may have others.
    public Rows contains(Map<String, ?> values) {
      hasColumns(values.keySet().toArray(String[]::new));
      return holds(rows().stream().anyMatch(row -> fits(row, values)), "has no row " + values);
    }

    /// No row has these values.
    public Rows containsNot(Map<String, ?> values) {
      return holds(rows().stream().noneMatch(row -> fits(row, values)), "has a row " + values);
    }

    /// The rows as maps, in no certain order; null where a cell is empty.
    public List<Map<String, @Nullable Object>> rows() {
      var rows = new ArrayList<Map<String, @Nullable Object>>();
      for (int at = 0; at < table.rowCount(); at++) {
        var row = new LinkedHashMap<String, @Nullable Object>();
        for (var column : table.columns()) {
          row.put(column.name(), column.isMissing(at) ? null : column.get(at));
        }
        rows.add(row);
      }
      return rows;
    }

    private Rows holds(boolean fact, String otherwise) {
      if (!fact) {
        throw new AssertionError(
            "Table '"
                + name
                + "' "
                + otherwise
                + ":\n"
                + table.print(Math.min(20, 1 + table.rowCount())));
      }
      return this;
    }

    private static boolean fits(Map<String, @Nullable Object> row, Map<String, ?> values) {
      return values.entrySet().stream()
          .allMatch(value -> same(row.get(value.getKey()), value.getValue()));
    }

    private static boolean same(@Nullable Object left, @Nullable Object right) {
      if (left instanceof Number a && right instanceof Number b) {
        return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
      }
      return String.valueOf(left).equals(String.valueOf(right));
    }
  }
}
