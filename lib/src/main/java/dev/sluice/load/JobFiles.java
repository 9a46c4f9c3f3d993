package dev.sluice.load;

import dev.sluice.schema.TableSchema;
import dev.sluice.seam.IoFault;
import dev.sluice.store.JobReader;
import dev.sluice.store.StoredJob;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Puts the rows of a table's files into a table: DuckDB reads the files itself, one statement for
/// all files of a format.
final class JobFiles {
  private static final int BATCH_CHARACTERS = 1 << 20;
  private static final String LOAD_ID = "_dlt_load_id";
  private static final String ID = "_dlt_id";

  /// As long as dlt's, of as many different characters.
  private static final String RANDOM_ID =
      "left(to_base64(unhex(replace(CAST(uuid() AS VARCHAR), '-', ''))), 14)";

  private final Database database;
  private final String loadId;
  private final long maxObjectBytes;

  JobFiles(Database database, String loadId, long maxObjectBytes) {
    this.database = database;
    this.loadId = loadId;
    this.maxObjectBytes = maxObjectBytes;
  }

  /// Inserts the rows of all files and gives their number.
  long insert(TableSchema table, Ident target, List<StoredJob> jobs) throws SQLException {
    var rows = 0L;
    var byFormat =
        jobs.stream()
            .filter(job -> job.bytes() > 0 || !plainLines(job))
            .collect(Collectors.groupingBy(job -> job.name().format()));
    for (var files : byFormat.entrySet())
      rows +=
          switch (files.getKey()) {
            case "jsonl" -> database.update(jsonl(table, target, files.getValue()));
            case "parquet" -> parquet(table, target, files.getValue());
            case "insert_values" -> values(target, files.getValue());
            default ->
                throw new LoadException(
                    "The job file '"
                        + files.getValue().getFirst().file()
                        + "' has the format '"
                        + files.getKey()
                        + "', but DuckDB is loaded from jsonl, parquet and insert_values; finish"
                        + " this package with the tool that made it, or drop it");
          };
    return rows;
  }

  /// Only such a file may have no bytes, and DuckDB does not read it then.
  private static boolean plainLines(StoredJob job) {
    return job.name().format().equals("jsonl") && !job.name().compressed();
  }

  private String jsonl(TableSchema table, Ident target, List<StoredJob> files) {
    var columns = table.completeColumns();
    return "INSERT INTO "
        + target
        + " ("
        + columns.stream().map(c -> Ident.of(c.name()).sql()).collect(Collectors.joining(", "))
        + ") SELECT "
        + columns.stream().map(DuckDbTypes::expression).collect(Collectors.joining(", "))
        + " FROM read_json("
        + list(files)
        + ", format = 'newline_delimited', auto_detect = false, maximum_object_size = "
        + maxObjectBytes
        + ", columns = {"
        + columns.stream()
            .map(c -> Literal.text(c.name()) + ": " + Literal.text(DuckDbTypes.read(c)))
            .collect(Collectors.joining(", "))
        + "})";
  }

  /// Files that were handed over ready lack dlt's own columns; where the table has them, these rows
  /// get them here.
  private long parquet(TableSchema table, Ident target, List<StoredJob> files) throws SQLException {
    var given = dltColumns(files);
    var groups = new LinkedHashMap<String, List<StoredJob>>();
    for (var file : files)
      groups
          .computeIfAbsent(
              fills(table, given.getOrDefault(key(place(file)), Set.of())),
              fill -> new ArrayList<>())
          .add(file);
    var rows = 0L;
    for (var group : groups.entrySet())
      rows +=
          database.update(
              "INSERT INTO "
                  + target
                  + " BY NAME SELECT *"
                  + group.getKey()
                  + " FROM read_parquet("
                  + list(group.getValue())
                  + ", union_by_name = true)");
    return rows;
  }

  private String fills(TableSchema table, Set<String> given) {
    var fills = new StringBuilder();
    for (var column : table.completeColumns()) {
      var name = column.name();
      var fill =
          name.equalsIgnoreCase(LOAD_ID)
              ? Literal.text(loadId)
              : name.equalsIgnoreCase(ID) ? RANDOM_ID : null;
      if (fill != null && !given.contains(name))
        fills.append(", ").append(fill).append(" AS ").append(Ident.of(name).sql());
    }
    return fills.toString();
  }

  /// Which of dlt's own columns each file has.
  private Map<Path, Set<String>> dltColumns(List<StoredJob> files) throws SQLException {
    var given = new HashMap<Path, Set<String>>();
    try (var statement = database.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT file_name, name FROM parquet_schema("
                    + list(files)
                    + ") WHERE lower(name) IN ("
                    + Literal.text(LOAD_ID)
                    + ", "
                    + Literal.text(ID)
                    + ")")) {
      while (rows.next())
        given
            .computeIfAbsent(key(rows.getString(1)), file -> new HashSet<>())
            .add(rows.getString(2));
    }
    return given;
  }

  /// DuckDB shortens a path with `..` in it, but only if something in it is bracketed.
  private static Path key(String place) {
    return Path.of(place).normalize();
  }

  private static String place(StoredJob job) {
    return job.file().toAbsolutePath().toString();
  }

  private static String list(List<StoredJob> files) {
    return files.stream()
        .map(job -> Literal.path(place(job)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /// dlt's own format: `INSERT INTO {}(columns)`, `VALUES`, and a line for each row.
  private long values(Ident target, List<StoredJob> files) throws SQLException {
    var rows = 0L;
    for (var job : files) {
      try (var lines =
          new BufferedReader(
              new InputStreamReader(JobReader.open(job.file()), StandardCharsets.UTF_8))) {
        rows += values(target, job, lines);
      } catch (IOException unreadable) {
        throw new LoadException(
            "Cannot read the job file '"
                + job.file()
                + "': "
                + IoFault.said(unreadable, job.file()),
            true,
            unreadable);
      }
    }
    return rows;
  }

  private long values(Ident target, StoredJob job, BufferedReader lines)
      throws IOException, SQLException {
    var head = lines.readLine();
    var values = lines.readLine();
    if (head == null || !head.startsWith("INSERT INTO {}") || !"VALUES".equals(values))
      throw new LoadException(
          "The job file '" + job.file() + "' does not begin with 'INSERT INTO {}' and 'VALUES'");
    var begin = head.replace("INSERT INTO {}", "INSERT INTO " + target) + " VALUES ";
    var rows = 0L;
    var batch = new StringBuilder(begin);
    for (String line; (line = lines.readLine()) != null; ) {
      batch.append(line).append('\n');
      if (line.endsWith("),") && batch.length() > BATCH_CHARACTERS) {
        batch.setLength(batch.length() - 2);
        rows += database.update(batch.toString());
        batch = new StringBuilder(begin);
      }
    }
    if (batch.length() > begin.length()) rows += database.update(batch.toString());
    return rows;
  }
}
