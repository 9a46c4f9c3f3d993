///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Sources into DuckDB: PostgreSQL, REST pages, Parquet, CSV, against dlt, a bare client and DuckDB's own read: [ROWS] [--dlt PYTHON] [--runs N]
//SOURCES Bench.java
//DEPS org.duckdb:duckdb_jdbc:2.0.0.1
//DEPS org.postgresql:postgresql:42.7.13
//JAVA 25+
import java.net.ServerSocket;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;

int rows = 1_000_000;
int runs = 3;
// For both: files of 100,000 rows, two normalized at once, as a table of a million rows wants it on two cores.
final Map<String, String> SETTINGS = Map.of("DATA_WRITER__FILE_MAX_ITEMS", "100000", "NORMALIZE__WORKERS", "2");

String python;

// Ten columns of the usual types. PostgreSQL is one of our own on loopback; without its binaries only files are read.
// For dlt the Python needs sqlalchemy and psycopg2 too: pip install 'dlt[duckdb,parquet,sql_database]' psycopg2-binary.
void main(String... arguments) throws Exception {
  var rest = new ArrayDeque<>(List.of(arguments));
  while (!rest.isEmpty()) {
    switch (rest.pop()) {
      case "--dlt" -> python = rest.pop();
      case "--runs" -> runs = Integer.parseInt(rest.pop());
      case String number -> rows = Integer.parseInt(number.replace("_", ""));
    }
  }
  var folder = Files.createTempDirectory("sluice-sources");
  try {
    Object[] postgres = postgres(folder.resolve("pg"));
    files(folder);
    Bench.result("pg_s", postgres[0], "pg_dlt_ratio", postgres[1], "pg_dlt_pyarrow_ratio", postgres[2],
        "page_overhead_ms", pages(folder), "parquet_vs_duckdb", against(folder, "parquet"), "csv_vs_duckdb", against(folder, "csv"));
  } finally {
    Bench.delete(folder);
  }
}

Object[] postgres(Path folder) throws Exception {
  var root = Path.of("/usr/lib/postgresql");
  if (!Files.isDirectory(root)) return new Object[] {"n/a", "n/a", "n/a"};
  Path binaries;
  try (var versions = Files.list(root)) {
    binaries = versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
  }
  int port;
  try (var socket = new ServerSocket(0)) {
    port = socket.getLocalPort();
  }
  Files.createDirectories(folder);
  Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
  Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  var data = folder.resolve("data").toString();
  server(folder, binaries.resolve("initdb"), "-D", data, "-U", "bench", "-A", "trust", "--no-sync");
  server(folder, binaries.resolve("pg_ctl"), "-D", data, "-w", "-l", folder.resolve("log").toString(),
      "-o", "-p %d -h 127.0.0.1 -k %s".formatted(port, folder), "start");
  try {
    var url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
    try (var connection = DriverManager.getConnection(url, "bench", ""); var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders AS " + SELECT.formatted("generate_series(1, %d) AS series(n)".formatted(rows)));
      statement.execute("ALTER TABLE orders ADD PRIMARY KEY (id)");
      statement.execute("ANALYZE orders");
    }
    var ours = ours(folder, "postgres", url);
    var dltUrl = url.replace("jdbc:postgresql://", "postgresql+psycopg2://bench@");
    return new Object[] {ours.seconds(), dlt(folder, "sqlalchemy", dltUrl, ours), dlt(folder, "pyarrow", dltUrl, ours)};
  } finally {
    server(folder, binaries.resolve("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop");
  }
}

static final String SELECT = """
    SELECT n::bigint AS id, (n::bigint * 7919 %% 100000)::int AS customer_id, 'customer ' || (n %% 1000) AS name,
      ((n %% 100000) / 100.0)::numeric(12,2) AS amount, (n %% 977) * 1.5::double precision AS weight, n %% 3 = 0 AS paid,
      timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second' AS created_at, date '2020-01-01' + (n %% 2000)::int AS due,
      md5(n::text) AS token, CASE WHEN n %% 10 = 0 THEN NULL ELSE 'note for order number ' || n END AS note
    FROM %s""";

void files(Path folder) throws Exception {
  try (var connection = DriverManager.getConnection("jdbc:duckdb:"); var statement = connection.createStatement()) {
    statement.execute("CREATE TABLE orders AS " + SELECT.formatted("range(1, %d) AS series(n)".formatted(rows + 1)));
    for (var format : List.of("parquet", "csv")) {
      statement.execute("COPY orders TO '%s' (FORMAT %s)".formatted(folder.resolve("orders." + format), format));
    }
  }
}

// What a page of a REST interface costs more than a bare loop, in a JVM of its own.
double pages(Path folder) throws Exception {
  var run = Bench.run(Bench.fresh(folder, "pages"), Bench.script("bench/pages.java"));
  IO.println("  Sluice  %-10s %6.2f s  %s".formatted("pages", run.seconds(), run.figures()));
  return run.figure("page_overhead_ms");
}

// How many times as long as DuckDB we take for a file, both in a JVM of their own.
double against(Path folder, String format) throws Exception {
  var file = folder.resolve("orders." + format).toString();
  return ours(folder, format, file).seconds() / ours(folder, "duckdb", file).seconds();
}

Bench.Run ours(Path folder, String what, String from) throws Exception {
  var all = new ArrayList<Bench.Run>();
  for (int run = 0; run <= runs; run++) {
    var one = Bench.run(Bench.fresh(folder, "ours"), Bench.script("bench/sources_run.java", what, from), SETTINGS);
    if (run > 0) all.add(one); // the first one only lets JBang build the script
  }
  var median = Bench.median(all);
  IO.println("  Sluice  %-10s %6.2f s  cpu %6.2f s  %s".formatted(what, median.seconds(), median.cpuSeconds(), median.figures()));
  return median;
}

Object dlt(Path folder, String backend, String url, Bench.Run ours) throws Exception {
  if (python == null) return "n/a";
  var script = Bench.home().resolve("scripts/bench/sources.py").toString();
  var run = Bench.run(Bench.fresh(folder, "dlt"), List.of(python, script, backend, url), SETTINGS);
  IO.println("  dlt     %-10s %6.2f s  cpu %6.2f s  %s".formatted(backend, run.seconds(), run.cpuSeconds(), run.figures()));
  return run.seconds() / ours.seconds();
}

// PostgreSQL does not run as root.
void server(Path folder, Path program, String... arguments) throws Exception {
  var command = new ArrayList<String>();
  if (System.getProperty("user.name").equals("root")) command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
  command.add(program.toString());
  command.addAll(List.of(arguments));
  var output = folder.resolve("output.txt");
  var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
  if (process.waitFor() != 0) throw new IllegalStateException(command + "\n" + Files.readString(output));
}
