package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;

final class DatasetTest {
  @TempDir Path folder;
  private Connection open;
  private Dataset dataset;

  @BeforeEach
  void database() throws SQLException {
    var url = "jdbc:duckdb:" + folder.resolve("shop.duckdb");
    open = DriverManager.getConnection(url);
    dataset = Dataset.of("shop_data", () -> DriverManager.getConnection(url));
    execute("CREATE SCHEMA shop_data");
    execute(
        "CREATE TABLE shop_data.users AS SELECT i AS id, 'u' || i AS name FROM range(1500) r(i)");
    execute("CREATE TABLE shop_data._dlt_loads AS SELECT '1.5' AS load_id, 0 AS status");
  }

  @AfterEach
  void close() throws SQLException {
    open.close();
  }

  private void execute(String sql) throws SQLException {
    try (var statement = open.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void tablesAndRowsAreSeenBesideAnOpenConnection() {
    assertThat(dataset.tableNames()).containsExactly("_dlt_loads", "users");
    assertThat(dataset.tables().longColumn("rows").asList()).containsExactly(1L, 1500L);
    assertThat(dataset.table("users").name()).isEqualTo("users (1,000 of 1,500 rows)");
    assertThat(dataset.table("users", 20).rowCount()).isEqualTo(20);
    assertThat(dataset.rowCount("users")).isEqualTo(1500);
    assertThat(dataset.loadIds()).containsExactly("1.5");
    assertThat(dataset.columns("users").stringColumn("column").asList())
        .containsExactly("id", "name");
  }

  @Test
  void aQueryKnowsTheDatasetAndTakesParameters() {
    var found = dataset.sql("select name from users where id = ?", 7);
    assertThat(found.getString(0, "name")).isEqualTo("u7");
    assertThat(dataset.sql("select 1.10::decimal(5,2) as d").types().getFirst())
        .isEqualTo(ColumnType.STRING);
  }

  @Test
  void aQueryGivesAThousandRowsUnlessAskedForMore() {
    var found = dataset.sql("select * from users");
    assertThat(found.rowCount()).isEqualTo(1000);
    assertThat(found.name()).isEqualTo("query (the first 1,000 rows of more)");
    assertThat(dataset.sql(5000, "select * from users").name()).isEqualTo("query (1,500 rows)");
  }

  @Test
  void errorsNameTheDatasetAndTheNearestTable() {
    assertThatThrownBy(() -> dataset.table("user"))
        .hasMessage("Dataset 'shop_data' has no table 'user'; did you mean 'users'?");
    assertThatThrownBy(() -> dataset.sql("select * from nothing"))
        .hasMessageStartingWith("Dataset 'shop_data' cannot answer 'select * from nothing': ")
        .hasMessageContaining("nothing does not exist");
  }
}
