package dev.sluice.extract;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What an extract has written: its text is the report.
///
/// ```java
/// var info = pipeline.extract(users);
/// IO.println(info);
/// info.packages().getFirst().loadId();
/// ```
///
/// - `packages`: one for each source; none if there was nothing to extract
/// - `warnings`: what is allowed and probably not meant, a sentence each
public record ExtractInfo(
    String pipeline,
    List<ExtractedPackage> packages,
    List<String> warnings,
    Instant startedAt,
    Instant finishedAt) {
  /// A load package as extract left it.
  ///
  /// - `resumed`: whether it goes on from a checkpoint of a run that was cut off
  public record ExtractedPackage(
      String loadId, String source, List<Table> tables, boolean resumed) {
    /// Rows of all tables.
    public long rows() {
      return tables.stream().mapToLong(Table::rows).sum();
    }

    /// Files of all tables.
    public int files() {
      return tables.stream().mapToInt(Table::files).sum();
    }
  }

  /// The rows of one resource for one table; bytes as they are on disk, compressed.
  ///
  /// - `setAside`: rows that a contract keeps out; see the quarantine of the package
  public record Table(
      String name, String resource, long rows, int files, long bytes, long setAside) {
    Table plus(Table more) {
      return new Table(
          name,
          resource,
          rows + more.rows,
          files + more.files,
          bytes + more.bytes,
          setAside + more.setAside);
    }
  }

  /// The load ids of the packages, in order.
  public List<String> loadIds() {
    return packages.stream().map(ExtractedPackage::loadId).toList();
  }

  /// How long it took.
  public Duration elapsed() {
    return Duration.between(startedAt, finishedAt);
  }

  /// Rows of all packages, the pipeline's own state among them.
  public long rows() {
    return packages.stream().mapToLong(ExtractedPackage::rows).sum();
  }

  /// The report: a line a package and a line a table.
  @Override
  public String toString() {
    var lines = new ArrayList<String>();
    lines.add(
        String.format(
            Locale.ROOT,
            "extract of pipeline %s: %,d rows in %.1f s",
            pipeline,
            rows(),
            elapsed().toMillis() / 1000.0));
    for (var extracted : packages) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  package %s of source %s, %d %s%s",
              extracted.loadId(),
              extracted.source(),
              extracted.files(),
              extracted.files() == 1 ? "file" : "files",
              extracted.resumed() ? ", resumed" : ""));
      for (var table : extracted.tables()) {
        lines.add(line(table));
      }
    }
    warnings.forEach(warning -> lines.add("  warning: " + warning));
    return String.join("\n", lines);
  }

  private static String line(Table table) {
    return String.format(
        Locale.ROOT,
        "    %-24s %,12d rows %4d %-5s %,12d bytes%s",
        table.name(),
        table.rows(),
        table.files(),
        table.files() == 1 ? "file" : "files",
        table.bytes(),
        table.setAside() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d set aside", table.setAside()));
  }
}
