package dev.sluice.http;

import static dev.sluice.http.ChaosServer.bomb;
import static dev.sluice.http.ChaosServer.bytes;
import static dev.sluice.http.ChaosServer.drip;
import static dev.sluice.http.ChaosServer.gzip;
import static dev.sluice.http.ChaosServer.half;
import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.raw;
import static dev.sluice.http.ChaosServer.reset;
import static dev.sluice.http.ChaosServer.resetAfter;
import static dev.sluice.http.ChaosServer.silence;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.ChaosServer.Answering;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every fault of the list, and exactly what becomes of it: the right rows once, or one clear
/// error. Two pages of two rows each are read; the fault strikes on the first or the second. The
/// matrix is printed at the end, and stands in `docs/chaos.md`.
class ChaosTest {
  private static final String ONE = "{\"items\": [{\"id\": 1}, {\"id\": 2}], \"next\": \"/two\"}";
  private static final String TWO = "{\"items\": [{\"id\": 3}, {\"id\": 4}]}";
  private static final String ALL = "rows 1 2 3 4";

  private static final Path DOC = Path.of("../docs/chaos.md");
  private static final String HEAD =
      """
      # What becomes of every fault of a server

      Two pages of two rows each are read with the client as it is: 5 retries, waiting 1, 2, 4, 8 and 16 s.
      The fault strikes on the first page or on the second. What comes of it is always one of two: the right rows, once,
      or one error that says what to do. A test makes every fault on a server of its own, prints this table, and fails if
      it is not true.

      | fault | outcome |
      |---|---|
      """;

  /// A fault and its outcome; `one` and `two` are what the two pages answer.
  record Fault(
      String name,
      List<Answering> one,
      List<Answering> two,
      String outcome,
      UnaryOperator<RestClient> told) {
    Fault told(UnaryOperator<RestClient> how) {
      return new Fault(name, one, two, outcome, how);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir private static Path folder;
  private static @Nullable ChaosServer expired;

  @BeforeAll
  static void makeACertificateThatHasExpired() throws Exception {
    expired = AuthTest.tls(folder, "-startdate", "-10d", "-validity", "1");
  }

  @AfterAll
  static void stop() {
    expired().close();
  }

  private static ChaosServer expired() {
    return Objects.requireNonNull(expired);
  }

  static Stream<Fault> faults() {
    var gzipped = gzip(TWO.getBytes(StandardCharsets.UTF_8));
    var inTime = FakeTime.START.plusSeconds(9).atZone(ZoneOffset.UTC);
    var date = DateTimeFormatter.RFC_1123_DATE_TIME;
    return Stream.of(
        first("no fault", ALL, json(ONE)),
        first("429, Retry-After: 7", ALL + ", waited 7 s", limited("7"), json(ONE)),
        first("429, Retry-After: 0.5", ALL + ", waited 0.5 s", limited("0.5"), json(ONE)),
        first(
            "429, Retry-After a date 9 s from now",
            ALL + ", waited 9 s",
            limited(date.format(inTime)),
            json(ONE)),
        first(
            "429, Retry-After a date in the past",
            ALL + ", waited 1 s",
            limited(date.format(inTime.minusDays(1))),
            json(ONE)),
        first(
            "429, Retry-After: 86400",
            "error: GET http://server/items failed with status 429 after 1 attempt: the server asks to"
                + " wait (Retry-After: '86400'), longer than request_max_retry_delay of 300 s; run"
                + " again later, or raise it",
            limited("86400")),
        first(
            "429, Retry-After: 99999999999999999999",
            "error: GET http://server/items failed with status 429 after 1 attempt: the server asks to"
                + " wait (Retry-After: '99999999999999999999'), longer than request_max_retry_delay of"
                + " 300 s; run again later, or raise it",
            limited("99999999999999999999")),
        first("429, Retry-After: soon", ALL + ", waited 1 s", limited("soon"), json(ONE)),
        first(
            "500 three times",
            ALL + ", waited 1 2 4 s",
            status(500, ""),
            status(502, ""),
            status(503, ""),
            json(ONE)),
        second(
            "500 for ever",
            "rows 1 2, then error: GET http://server/two failed with status 500 after 6 attempts; the"
                + " body begins: 'out of order', waited 1 2 4 8 16 s",
            status(500, "out of\n order")),
        first(
            "404",
            "error: GET http://server/items failed with status 404 after 1 attempt; the body begins:"
                + " 'no such thing'",
            status(404, "no such thing")),
        // before the first byte of an answer Java's own client asks again at once, GET only
        second("reset before the answer", ALL, reset(), json(TWO)),
        second(
            "reset in the middle of the body", ALL + ", waited 1 s", half(TWO, reset()), json(TWO)),
        second("reset after the body", ALL, resetAfter(json(TWO))),
        second("no answer", ALL + ", waited 1 s", silence(), json(TWO)).told(ChaosTest::hasty),
        second("silence in the body", ALL + ", waited 1 s", half(TWO, silence()), json(TWO))
            .told(ChaosTest::hasty),
        second("a byte every 90 ms", ALL + ", waited 1 s", drip(TWO), json(TWO))
            .told(ChaosTest::hasty),
        second(
            "gzip cut off",
            ALL + ", waited 1 s",
            bytes(200, Arrays.copyOf(gzipped, gzipped.length - 12), "Content-Encoding", "gzip"),
            json(TWO)),
        second(
            "gzip cut off for ever",
            "rows 1 2, then error: GET http://server/two failed after 6 attempts: the zipped body ends"
                + " in the middle, waited 1 2 4 8 16 s",
            bytes(200, Arrays.copyOf(gzipped, gzipped.length - 12), "Content-Encoding", "gzip")),
        second(
            "Content-Length too large",
            ALL + ", waited 1 s",
            raw("HTTP/1.1 200 OK\r\nContent-Length: 9999", TWO.getBytes(StandardCharsets.UTF_8)),
            json(TWO)),
        second(
            "Content-Length too small",
            ALL + ", waited 1 s",
            raw("HTTP/1.1 200 OK\r\nContent-Length: 20", TWO.getBytes(StandardCharsets.UTF_8)),
            json(TWO)),
        second(
            "a chunk of nonsense",
            ALL + ", waited 1 s",
            raw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
                "zz\r\n{}".getBytes(StandardCharsets.UTF_8)),
            json(TWO)),
        second(
            "no HTTP at all",
            ALL + ", waited 1 s",
            raw("\u0001\u0002random", new byte[300]),
            json(TWO)),
        second("an empty 200", ALL + ", waited 1 s", status(200, ""), json(TWO)),
        second(
            "an empty 200 for ever",
            "rows 1 2, then error: GET http://server/two failed after 6 attempts: the body is empty"
                + " where JSON was expected, waited 1 2 4 8 16 s",
            status(200, "")),
        second("204", "rows 1 2", status(204, "")),
        second(
            "HTML with 200",
            ALL + ", waited 1 s",
            status(200, "<html>Log in</html>", "Content-Type", "text/html"),
            json(TWO)),
        second(
            "a page sent whole, but not ended, then again",
            ALL + ", waited 1 s",
            raw(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked",
                (Integer.toHexString(TWO.length()) + "\r\n" + TWO + "\r\n")
                    .getBytes(StandardCharsets.UTF_8)),
            json(TWO)),
        second(
            "next leads back to the first page",
            "rows 1 2 3 4, then error: GET http://server/items was asked before: the pages run in a"
                + " circle at page 3; look at the paginator and at what the server names as next",
            json(TWO.replace("]}", "], \"next\": \"/items\"}"))),
        second(
            "the same page again",
            "rows 1 2, then error: GET http://server/two brought page 1 again as page 2: the server"
                + " does not know the parameter for the next page; look at the paginator",
            json(ONE)),
        first(
            "next leads to another host",
            "rows 1 2, then error: GET http://server/items names 'http://elsewhere.test/x' as its next"
                + " page, which is not followed: it is another host; if that is right, allow it with"
                + " trustHosts(\"elsewhere.test\")",
            json(ONE.replace("/two", "http://elsewhere.test/x"))),
        first("302 within the server", ALL, status(302, "", "Location", "/moved")),
        first(
            "302 to another host",
            "error: GET http://server/items answered 302 to 'http://elsewhere.test/?token=***', which"
                + " is not followed: it is another host; if that is right, allow it with"
                + " trustHosts(\"elsewhere.test\")",
            status(302, "", "Location", "http://elsewhere.test/?token=abc")),
        first(
            "302 in a circle",
            "error: GET http://server/items answered 302 to 'http://server/items', which is not"
                + " followed: that is more than 5 redirects in a row",
            status(302, "", "Location", "/items")),
        first(
            "302 to a file",
            "error: GET http://server/items answered 302 to 'file:/etc/passwd', which is not followed:"
                + " 'file' is no scheme to follow",
            status(302, "", "Location", "file:/etc/passwd")),
        second(
            "10 GB in a zip bomb",
            "rows 1 2, then error: GET http://server/two answered with a body of more than 1000000"
                + " bytes; ask for smaller pages, raise maxBodyBytes, or use download",
            bomb()),
        second("401, then good with a new token", ALL, status(401, "expired"), json(TWO))
            .told(ChaosTest::signedIn),
        second(
                "401 for ever",
                "rows 1 2, then error: GET http://server/two failed with status 401 after 1 attempt;"
                    + " the body begins: 'not you'",
                status(401, "not you"))
            .told(ChaosTest::signedIn),
        counted(
            "a row is added while pages are counted",
            ALL,
            json("{\"total\": 4, \"items\": [{\"id\": 1}, {\"id\": 2}]}"),
            json("{\"total\": 5, \"items\": [{\"id\": 2}, {\"id\": 3}]}"),
            json("{\"total\": 5, \"items\": [{\"id\": 4}]}")),
        counted(
            "a row is taken away while pages are counted",
            "rows 1 2, then error: GET http://server/items?offset=2&limit=2 has a total of 3, but the"
                + " page before it had 4: rows were taken away meanwhile, so some would be missed; page"
                + " by cursor, or run again",
            json("{\"total\": 4, \"items\": [{\"id\": 1}, {\"id\": 2}]}"),
            json("{\"total\": 3, \"items\": [{\"id\": 4}]}")),
        second(
                "X-RateLimit-Remaining: 0, Reset in 30 s",
                ALL + ", waited 30 s",
                json(
                    ONE.replace("1", "3").replace("2", "4").replace("two", "three"),
                    "X-RateLimit-Remaining",
                    "0",
                    "X-RateLimit-Reset",
                    "30"))
            .told(api -> api),
        first(
                "nobody listens",
                "error: GET http://127.0.0.1:1/items failed after 6 attempts: nobody listens at"
                    + " '127.0.0.1:1', waited 1 2 4 8 16 s")
            .told(api -> RestClient.of(api.http, "http://127.0.0.1:1")),
        first(
                "a host that does not exist",
                "error: GET http://no-such-host.invalid/items failed after 6 attempts:"
                    + " 'no-such-host.invalid' is no host that is known here, waited 1 2 4 8 16 s")
            .told(api -> RestClient.of(api.http, "http://no-such-host.invalid")),
        first(
                "a certificate that has expired",
                "error: GET https://server/items failed after 1 attempt: PKIX path validation failed:"
                    + " java.security.cert.CertPathValidatorException: validity check failed")
            .told(
                api -> RestClient.of(api.http.trust(folder.resolve("ca.pem")), expired().url(""))),
        first("404 that is to be ignored", "no rows", status(404, "no such account"))
            .told(api -> api.ignore(404)),
        first(
                "200 with an error inside, until it is well",
                ALL + ", waited 1 s",
                json("{\"error\": \"busy\"}"),
                json(ONE))
            .told(ChaosTest::retryingErrors));
  }

  private static Fault first(String name, String outcome, Answering... one) {
    return new Fault(name, List.of(one), List.of(json(TWO)), outcome, api -> api);
  }

  private static Fault second(String name, String outcome, Answering... two) {
    return new Fault(name, List.of(json(ONE)), List.of(two), outcome, api -> api);
  }

  private static Fault counted(String name, String outcome, Answering... pages) {
    return first(name, outcome, pages).told(api -> api.paginator(Paginator.offset(2)));
  }

  private static RestClient hasty(RestClient api) {
    return RestClient.of(api.http.timeout(Duration.ofMillis(800)), api.base);
  }

  private static RestClient signedIn(RestClient api) {
    return api.auth(Auth.oauth2(api.request("GET", "token").url(), "me", "secret"));
  }

  private static RestClient retryingErrors(RestClient api) {
    var http =
        api.http.retryWhen((response, error) ->
            response != null && String.valueOf(response.json()).contains("error"));
    return RestClient.of(http, api.base);
  }

  private static Answering limited(String retryAfter) {
    return status(429, "", "Retry-After", retryAfter);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void becomesTheRightRowsOnceOrOneClearError(Fault fault) {
    var time = new FakeTime();
    try (var server = ChaosServer.start()) {
      server
          .on("/items", fault.one.toArray(Answering[]::new))
          .on("/two", fault.two.toArray(Answering[]::new))
          .on("/three", json("{\"items\": []}"))
          .on("/token", json("{\"access_token\": \"t0ken\"}"))
          .on("/moved", json(ONE));
      var http =
          Http.of().pace(time.pace()).timeout(Duration.ofSeconds(20)).maxBodyBytes(1_000_000);
      var outcome = outcome(fault.told.apply(RestClient.of(http, server.url(""))), time);
      assertThat(
              outcome
                  .replace(server.url(""), "http://server")
                  .replace(expired().url(""), "https://server")
                  .replace("(certificate_expired) ", "")) // some versions of Java say this too
          .isEqualTo(fault.outcome);
    }
  }

  /// With `-Dsluice.write=true` it is written anew.
  @Test
  void theTableIsPrintedAndTheDocIsTrue() throws IOException {
    var table = new StringBuilder(HEAD);
    System.out.println("%-45s %s".formatted("FAULT", "OUTCOME"));
    faults()
        .forEach(fault -> {
          System.out.println("%-45s %s".formatted(fault.name, fault.outcome));
          table.append("| ").append(fault.name).append(" | ").append(fault.outcome).append(" |\n");
        });
    if (Boolean.getBoolean("sluice.write")) {
      Files.createDirectories(DOC.getParent());
      Files.writeString(DOC, table);
    }
    assertThat(DOC).hasContent(table.toString());
  }

  private static String outcome(RestClient api, FakeTime time) {
    var rows = new ArrayList<String>();
    var error = "";
    try {
      api.rows("items").forEach(row -> rows.add(String.valueOf(row.get("id"))));
    } catch (Http.Failed e) {
      error = (rows.isEmpty() ? "error: " : ", then error: ") + e.getMessage();
    }
    var waits =
        time.slept().stream()
            .map(s -> s == Math.rint(s) ? String.valueOf(s.longValue()) : s.toString())
            .collect(Collectors.joining(" "));
    var none = error.isEmpty() ? "no rows" : "";
    return (rows.isEmpty() ? none : "rows " + String.join(" ", rows))
        + error
        + (waits.isEmpty() ? "" : ", waited " + waits + " s");
  }
}
