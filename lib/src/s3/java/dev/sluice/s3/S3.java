package dev.sluice.s3;

import dev.sluice.sources.Filesystem;
import software.amazon.awssdk.services.s3.S3Client;

/// Files of an S3 bucket, read as those of a folder are.
///
/// ```java
/// //DEPS software.amazon.awssdk:s3:2.40.2
/// var logs = S3.files("s3://shop-logs/2026", "**/*.jsonl.gz").incremental().rows("logs");
/// pipeline("logs").to(duckdb()).run(logs);
/// ```
///
/// Each file is downloaded into the temporary folder, read there and deleted, so that memory stays
/// flat. It is asked for by its ETag: a file that becomes another one meanwhile is an error, and
/// the content of an unchanged one is known without reading it.
public final class S3 {
  private S3() {}

  /// Files of a bucket, with the region and credentials that AWS's tools use too: `AWS_REGION`,
  /// `AWS_ACCESS_KEY_ID`, `~/.aws`, ...; `AWS_ENDPOINT_URL` names another server.
  ///
  /// - `url`: `s3://bucket/folder`
  /// - `glob`: of the path below it, as for [Filesystem]
  public static Filesystem files(String url, String glob) {
    return Filesystem.of(Bucket.of(url, glob, S3Client::create), glob);
  }

  /// Files of a bucket, through a client of your own.
  public static Filesystem files(S3Client client, String url, String glob) {
    return Filesystem.of(Bucket.of(url, glob, () -> client), glob);
  }
}
