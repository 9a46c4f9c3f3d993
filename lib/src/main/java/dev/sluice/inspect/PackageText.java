package dev.sluice.inspect;

import dev.sluice.store.StoreException;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import dev.sluice.table.Cells;
import java.util.List;
import java.util.Locale;

/// A package as a few lines of text.
final class PackageText {
  private PackageText() {}

  static String of(StoredPackage stored) {
    List<StoredJob> jobs;
    try {
      jobs = stored.jobs();
    } catch (StoreException unreadable) {
      return "package " + stored.loadId() + " cannot be read: " + unreadable.getMessage();
    }
    var counts = PackageGrids.counts(jobs);
    var text =
        new StringBuilder()
            .append("package ")
            .append(stored.loadId())
            .append(", ")
            .append(stored.completion().orElse(stored.stage().name().toLowerCase(Locale.ROOT)))
            .append(": ")
            .append(Cells.count(jobs.size(), "file"));
    stored.unverified().ifPresent(why -> text.append("; ").append(why));
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
