package dev.sluice.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Against moto_server, from PyPI, which answers as S3 does.
class S3Test {
  private static Process server;
  private static S3Client client;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    var python =
        Path.of(
            System.getenv()
                .getOrDefault(
                    "SLUICE_MOTO_PYTHON",
                    System.getProperty("user.home") + "/.cache/sluice/moto-5.2.5/bin/python"));
    var program = python.resolveSibling("moto_server");
    assumeTrue(
        Files.isExecutable(program), "skipped: needs moto_server (pip install moto[server,s3])");
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    server =
        new ProcessBuilder(program.toString(), "-H", "127.0.0.1", "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(Files.createTempFile("moto", ".log").toFile())
            .start();
    awaitPort(port);
    client =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
            .build();
    client.createBucket(ask -> ask.bucket("shop"));
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (client != null) client.close();
    if (server != null) {
      server.destroy();
      server.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static void awaitPort(int port) throws Exception {
    for (int tries = 0; ; tries++) {
      try {
        new Socket("127.0.0.1", port).close();
        return;
      } catch (IOException notYet) {
        if (tries == 300) throw notYet;
        Thread.sleep(100);
      }
    }
  }

  private static void put(String key, String text) {
    client.putObject(ask -> ask.bucket("shop").key(key), RequestBody.fromString(text));
  }

  private static List<Map<String, Object>> rows(Iterable<Map<String, Object>> resource) {
    var rows = new ArrayList<Map<String, Object>>();
    resource.forEach(rows::add);
    return rows;
  }

  @Test
  void filesOfABucketAreReadLikeThoseOfAFolder() {
    put("a/2026/x.csv", "id,name\n1,x\n");
    put("a/2026/01/y.jsonl", "{\"id\":2}\n");
    put("a/2025/z.csv", "id\n9\n");
    put("b.csv", "id\n9\n");
    assertThat(rows(S3.files(client, "s3://shop/a/", "2026/**/*.{csv,jsonl}").origin().rows("t")))
        .containsExactly(
            Map.of("id", 2L, "_file", "2026/01/y.jsonl", "_line", 1L),
            Map.of("id", 1L, "name", "x", "_file", "2026/x.csv", "_line", 2L));
    assertThat(rows(S3.files(client, "s3://shop", "*.csv").rows("t")))
        .containsExactly(Map.of("id", 9L));
  }

  @Test
  void moreFilesThanAPageOfAListing() {
    for (int n = 0; n < 1_050; n++) put("many/%04d.jsonl".formatted(n), "");
    assertThat(rows(S3.files(client, "s3://shop/many", "*").files("listing"))).hasSize(1_050);
  }

  @Test
  void aFileThatBecomesAnotherOneIsAnError() throws Exception {
    put("c/x.csv", "id\n1\n");
    var bucket = Bucket.of("s3://shop/c", "*", () -> client);
    var listed = bucket.list().getFirst();
    put("c/x.csv", "id\n2\n");
    assertThatThrownBy(() -> bucket.open(listed))
        .hasMessageStartingWith(
            "File 's3://shop/c/x.csv' changed between its listing and its reading");
    assertThat(bucket.now(listed).same(listed)).isFalse();
  }

  @Test
  void theCopyIsDeletedWhenItIsClosed() throws Exception {
    put("d/x.csv", "id\n1\n");
    var bucket = Bucket.of("s3://shop/d", "*", () -> client);
    Path copy;
    try (var local = bucket.open(bucket.list().getFirst())) {
      copy = local.path();
      assertThat(copy).hasContent("id\n1\n");
    }
    assertThat(copy).doesNotExist();
  }

  @Test
  void aBucketThatIsNotThereIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> rows(S3.files(client, "s3://no-such-bucket/x", "*").rows("t")))
        .rootCause()
        .hasMessageContaining("bucket does not exist");
    assertThatThrownBy(() -> S3.files(client, "http://shop", "*"))
        .hasMessage("A bucket is named like 's3://bucket/folder', not 'http://shop'");
  }
}
