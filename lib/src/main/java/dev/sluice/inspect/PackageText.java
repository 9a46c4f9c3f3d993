package dev.sluice.inspect;

import dev.sluice.store.StoredPackage;
import java.util.Locale;

/// A package as a few lines of text.
final class PackageText {
  private PackageText() {}

  static String of(StoredPackage stored) {
    var jobs = stored.jobs();
    var counts = PackageGrids.counts(jobs);
    var text =
        new StringBuilder()
            .append("package ")
            .append(stored.loadId())
            .append(", ")
            .append(stored.completion().orElse(stored.stage().name().toLowerCase(Locale.ROOT)))
            .append(": ")
            .append(Cells.count(jobs.size(), "file"));
    var width = counts.keySet().stream().mapToInt(String::length).max().orElse(0);
    counts.forEach((table, count) ->
        text.append("\n  ")
            .append(table)
            .repeat(' ', width - table.length() + 2)
            .append(count.rows() == null ? "?" : Cells.count(count.rows(), "row"))
            .append(" in ")
            .append(Cells.count(count.files(), "file"))
            .append(", ")
            .append(Cells.bytes(count.bytes())));
    return text.toString();
  }
}
