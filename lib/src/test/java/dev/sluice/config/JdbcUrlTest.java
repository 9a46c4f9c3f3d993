package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// URLs of all drivers, with `s3cr3t` as a part of each secret: what is shown of them is the whole
/// and exact outcome, and every secret is among those looked for in what a driver says.
public class JdbcUrlTest {
  /// A URL, the secret in it, and what is shown.
  public record Form(String url, String secret, String shown) {}

  public static List<Form> forms() {
    return List.of(
        form(
            "jdbc:oracle:thin:scott/s3cr3t@host:1521:orcl",
            "s3cr3t",
            "jdbc:oracle:thin:***@host:1521:orcl"),
        form(
            "jdbc:oracle:thin:scott/s3cr3t@//host:1521/service",
            "s3cr3t",
            "jdbc:oracle:thin:***@//host:1521/service"),
        form(
            "jdbc:oracle:thin:scott/s3c@r3t@host:1521:orcl",
            "s3c@r3t",
            "jdbc:oracle:thin:***@host:1521:orcl"),
        form(
            "jdbc:oracle:thin:scott/\"s3cr3t/x\"@host:1521:orcl",
            "s3cr3t/x",
            "jdbc:oracle:thin:***@host:1521:orcl"),
        form("jdbc:oracle:oci8:scott/s3cr3t", "s3cr3t", "jdbc:oracle:oci8:***"),
        form("jdbc:oracle:oci:scott/s3cr3t@tnsname", "s3cr3t", "jdbc:oracle:oci:***@tnsname"),
        form(
            "jdbc:oracle:thin:scott/s3cr3t@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db.test)(PORT=1521))(CONNECT_DATA=(SID=x)))",
            "s3cr3t",
            "jdbc:oracle:thin:***@db.test"),
        form(
            "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=db.test)(PORT=1521))(USER=scott)(PASSWORD=s3cr3t))",
            "s3cr3t",
            "jdbc:oracle:thin:@db.test"),
        form(
            "jdbc:oracle:thin:@host:1521/svc?oracle.net.wallet_password=s3cr3t",
            "s3cr3t",
            "jdbc:oracle:thin:@host:1521/svc"),
        form(
            "jdbc:sqlserver://host:1433;databaseName=x;user=sa;password=s3cr3t",
            "s3cr3t",
            "jdbc:sqlserver://host:1433"),
        form(
            "jdbc:sqlserver://host\\inst:1433;user=sa;password={s3;cr3t}",
            "s3;cr3t",
            "jdbc:sqlserver://host\\inst:1433"),
        form(
            "jdbc:sqlserver://;serverName=host;user=sa;password=s3cr3t;",
            "s3cr3t",
            "jdbc:sqlserver://"),
        form("jdbc:sqlserver://host;user=sa;password=s3@cr3t", "s3@cr3t", "jdbc:sqlserver://host"),
        form(
            "jdbc:jtds:sqlserver://host:1433/db;user=sa;password=s3cr3t",
            "s3cr3t",
            "jdbc:jtds:sqlserver://host:1433/db"),
        form("jdbc:mysql://root:s3cr3t@host:3306/db", "s3cr3t", "jdbc:mysql://***@host:3306/db"),
        form("jdbc:mysql://root:s3/cr3t@host:3306/db", "s3/cr3t", "jdbc:mysql://***@host:3306/db"),
        form("jdbc:mysql://root:s3@cr3t@host:3306/db", "s3@cr3t", "jdbc:mysql://***@host:3306/db"),
        form("jdbc:mysql://root:s3?cr3t@host/db", "s3?cr3t", "jdbc:mysql://***"),
        form(
            "jdbc:mysql://a:s3cr3t@one,b:s3cr3t@two:3307/db",
            "s3cr3t",
            "jdbc:mysql://***@two:3307/db"),
        form(
            "jdbc:mysql:loadbalance://one:3306,two:3306/db?user=a&password=s3cr3t",
            "s3cr3t",
            "jdbc:mysql:loadbalance://one:3306,two:3306/db"),
        form(
            "jdbc:mysql://address=(host=one)(port=3306)(user=a)(password=s3cr3t)/db",
            "s3cr3t",
            "jdbc:mysql://one"),
        form(
            "jdbc:mysql://(host=one,port=3306,user=a,password=s3cr3t)/db",
            "s3cr3t",
            "jdbc:mysql://one"),
        form("jdbc:mariadb://host/db?user=a&password=s3cr3t", "s3cr3t", "jdbc:mariadb://host/db"),
        form(
            "jdbc:postgresql://host:5432/db?user=a&password=s3cr3t",
            "s3cr3t",
            "jdbc:postgresql://host:5432/db"),
        form(
            "jdbc:postgresql://host/db?user=a&password=s3%40cr3t",
            "s3@cr3t", "jdbc:postgresql://host/db"),
        form("jdbc:postgresql://host/db?password=s3@cr3t", "s3@cr3t", "jdbc:postgresql://host"),
        form(
            "jdbc:postgresql://one:5432,two:5433/db?PASSWORD=s3cr3t",
            "s3cr3t",
            "jdbc:postgresql://one:5432,two:5433/db"),
        form(
            "jdbc:postgresql://[::1]:5432/db?password=s3cr3t",
            "s3cr3t",
            "jdbc:postgresql://[::1]:5432/db"),
        form("jdbc:postgresql:db?password=s3cr3t", "s3cr3t", "jdbc:postgresql:db"),
        form("jdbc:postgresql://host/db?sslpassword=s3cr3t", "s3cr3t", "jdbc:postgresql://host/db"),
        form("JDBC:PostgreSQL://host/db?password=s3cr3t", "s3cr3t", "JDBC:PostgreSQL://host/db"),
        form(
            "jdbc:redshift:iam://host:5439/dev?AccessKeyID=A&SecretAccessKey=s3cr3t",
            "s3cr3t",
            "jdbc:redshift:iam://host:5439/dev"),
        form("jdbc:db2://host:50000/db:user=a;password=s3cr3t;", "s3cr3t", "jdbc:db2://host:50000"),
        form("jdbc:db2://host:50000/db:password=s3cr3t;user=a;", "s3cr3t", "jdbc:db2://host:50000"),
        form("jdbc:db2:db:user=a;password=s3cr3t;", "s3cr3t", "jdbc:db2:***"),
        form("jdbc:as400://host;user=a;password=s3cr3t", "s3cr3t", "jdbc:as400://host"),
        form(
            "jdbc:snowflake://acct.snowflakecomputing.com/?user=a&password=s3cr3t&db=x",
            "s3cr3t",
            "jdbc:snowflake://acct.snowflakecomputing.com/"),
        form(
            "jdbc:snowflake://acct.snowflakecomputing.com/?private_key_pwd=s3cr3t",
            "s3cr3t",
            "jdbc:snowflake://acct.snowflakecomputing.com/"),
        form("jdbc:h2:mem:test;USER=sa;PASSWORD=s3cr3t filepwd", "s3cr3t", "jdbc:h2:mem:test"),
        form(
            "jdbc:h2:tcp://host:9092/~/test;PASSWORD=s3cr3t",
            "s3cr3t",
            "jdbc:h2:tcp://host:9092/~/test"),
        form(
            "jdbc:hsqldb:hsql://host/xdb;user=SA;password=s3cr3t",
            "s3cr3t",
            "jdbc:hsqldb:hsql://host/xdb"),
        form(
            "jdbc:derby://host:1527/db;user=a;password=s3cr3t",
            "s3cr3t",
            "jdbc:derby://host:1527/db"),
        form("jdbc:derby:db;bootPassword=s3cr3t", "s3cr3t", "jdbc:derby:db"),
        form("jdbc:sqlite:file:x.db?key=s3cr3t", "s3cr3t", "jdbc:sqlite:file:x.db"),
        form(
            "jdbc:sqlite:/home/me@work/x.db?cipher=sqlcipher&hexkey=s3cr3t",
            "s3cr3t",
            "jdbc:sqlite:/home/me@work/x.db"),
        form("jdbc:duckdb:md:db?motherduck_token=s3cr3t", "s3cr3t", "jdbc:duckdb:md:db"),
        form("jdbc:duckdb:ducklake:postgres:dbname=x password=s3cr3t", "s3cr3t", "jdbc:duckdb:***"),
        form(
            "jdbc:mongodb://a:s3cr3t@one:27017,two:27017/db?authSource=admin",
            "s3cr3t",
            "jdbc:mongodb://***@one:27017,two:27017/db"),
        form(
            "mongodb+srv://a:s3cr3t@cluster.test/db",
            "s3cr3t",
            "mongodb+srv://***@cluster.test/db"),
        form(
            "jdbc:clickhouse://default:s3cr3t@host:8123/db?ssl=true",
            "s3cr3t",
            "jdbc:clickhouse://***@host:8123/db"),
        form(
            "jdbc:ch:https://host:8443/db?password=s3cr3t",
            "s3cr3t",
            "jdbc:ch:https://host:8443/db"),
        form(
            "jdbc:sybase:Tds:host:5000/db?user=a&password=s3cr3t",
            "s3cr3t",
            "jdbc:sybase:Tds:host:5000/db"),
        form(
            "jdbc:informix-sqli://host:1533/db:INFORMIXSERVER=i;user=a;password=s3cr3t",
            "s3cr3t",
            "jdbc:informix-sqli://host:1533"),
        form(
            "jdbc:teradata://host/DATABASE=d,USER=a,PASSWORD=s3cr3t",
            "s3cr3t",
            "jdbc:teradata://host"),
        form("jdbc:teradata://host,USER=a,PASSWORD=s3cr3t", "s3cr3t", "jdbc:teradata://host"),
        form("jdbc:sap://host:30015/?user=a&password=s3cr3t", "s3cr3t", "jdbc:sap://host:30015/"),
        form(
            "jdbc:hive2://host:10000/db;user=a;password=s3cr3t?hive.x=1#v=2",
            "s3cr3t",
            "jdbc:hive2://host:10000/db"),
        form(
            "jdbc:databricks://host:443/default;transportMode=http;UID=token;PWD=s3cr3t",
            "s3cr3t",
            "jdbc:databricks://host:443/default"),
        form("jdbc:awsathena://AwsRegion=eu;UID=A;PWD=s3cr3t", "s3cr3t", "jdbc:awsathena://***"),
        form(
            "jdbc:trino://host:8443/cat/schema?accessToken=s3cr3t",
            "s3cr3t",
            "jdbc:trino://host:8443/cat/schema"),
        form("jdbc:exa:host:8563;user=a;password=s3cr3t", "s3cr3t", "jdbc:exa:host:8563"),
        form(
            "jdbc:firebirdsql://host:3050//data/x.fdb?user=a&password=s3cr3t",
            "s3cr3t",
            "jdbc:firebirdsql://host:3050//data/x.fdb"),
        form("jdbc:sqlanywhere:uid=a;pwd=s3cr3t;eng=x", "s3cr3t", "jdbc:sqlanywhere:***"),
        form("jdbc:odbc:Driver={X};Server=host;Uid=a;Pwd=s3cr3t", "s3cr3t", "jdbc:odbc:***"),
        form("jdbc:ucanaccess://C:/x.mdb;password=s3cr3t", "s3cr3t", "jdbc:ucanaccess://***"),
        form("jdbc:foo:user:s3cr3t", "s3cr3t", "jdbc:foo:***"),
        form("jdbc:foo:user:s3cr3t@host", "s3cr3t", "jdbc:foo:***@host"),
        form("jdbc:mysql://root:s3\ncr3t@host/db", "s3\ncr3t", "jdbc:mysql://***@host/db"),
        form("postgresql://a:s3cr3t@host/db", "s3cr3t", "postgresql://***@host/db"),
        form("postgresql+psycopg2://a:s3#cr3t@host/db", "s3#cr3t", "postgresql+psycopg2://***"),
        form("scott/s3cr3t@host", "s3cr3t", "***"),
        form("host=db.test user=a password=s3cr3t", "s3cr3t", "***"));
  }

  private static Form form(String url, String secret, String shown) {
    return new Form(url, secret, shown);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void showsHostAndDatabaseButNoSecret(Form form) {
    assertThat(JdbcUrl.shown(form.url())).isEqualTo(form.shown()).doesNotContain(form.secret());
    assertThat(JdbcUrl.shown(form.shown())).as("shown again").isEqualTo(form.shown());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void findsTheSecretInWhatADriverSays(Form form) {
    var secrets = JdbcUrl.secrets(form.url());
    assertThat(secrets).contains(form.secret());
    assertThat(Masking.text("login with '" + form.secret() + "' failed", secrets))
        .isEqualTo("login with '***' failed");
    assertThat(Masking.text("No suitable driver found for " + form.url(), secrets))
        .doesNotContain(form.secret());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void masksUrlsThatOthersPutIntoTexts(Form form) {
    if (form.url().startsWith("jdbc:") && !form.url().contains("\n")) {
      assertThat(Masking.telling("No suitable driver found for " + form.url()))
          .doesNotContain(form.secret())
          .startsWith("No suitable driver found for jdbc:");
    }
  }

  @ParameterizedTest
  @MethodSource("innocent")
  void leavesInnocentUrlsAsTheyAre(String url) {
    assertThat(JdbcUrl.shown(url)).isEqualTo(url);
    assertThat(JdbcUrl.secrets(url)).isEmpty();
    assertThat(Masking.telling("no '" + url + "', " + url + "; and so on"))
        .isEqualTo("no '" + url + "', " + url + "; and so on");
  }

  static List<String> innocent() {
    return List.of(
        "jdbc:postgresql://localhost/shop",
        "jdbc:postgresql://localhost:5432/shop",
        "jdbc:mysql://one:3306,two:3306/db",
        "jdbc:sqlite:/data/dt=2026/shop.db",
        "jdbc:sqlite:C:\\data\\shop.db",
        "jdbc:duckdb:",
        "jdbc:duckdb:source.duckdb",
        "jdbc:oracle:thin:@//host:1521/service",
        "jdbc:oracle:thin:@host:1521:orcl",
        "jdbc:h2:mem:test",
        "jdbc:sqlserver://host\\inst");
  }
}
