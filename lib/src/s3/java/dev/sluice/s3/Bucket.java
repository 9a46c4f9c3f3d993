package dev.sluice.s3;

import dev.sluice.sources.FileEntry;
import dev.sluice.sources.FileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The objects of a bucket below a folder.
final class Bucket implements FileStore {
  private static final Pattern URL = Pattern.compile("s3://([^/]+)/?(.*)");
  private static final int PRECONDITION_FAILED = 412;

  private final Supplier<S3Client> clients;
  private final String bucket;
  private final String folder;
  private final String listed;

  private Bucket(Supplier<S3Client> clients, String bucket, String folder, String listed) {
    this.clients = clients;
    this.bucket = bucket;
    this.folder = folder;
    this.listed = listed;
  }

  static Bucket of(String url, String glob, Supplier<S3Client> clients) {
    var parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "A bucket is named like 's3://bucket/folder', not '" + url + "'");
    }
    var folder = parts.group(2).isEmpty() ? "" : parts.group(2).replaceFirst("/*$", "/");
    // Only what can fit the glob is listed: its folders before the first sign.
    var fixed = glob.replaceFirst("[*?\\[{].*", "");
    var listed = folder + fixed.substring(0, fixed.lastIndexOf('/') + 1);
    return new Bucket(clients, parts.group(1), folder, listed);
  }

  @Override
  public String url() {
    return "s3://" + bucket + "/" + folder;
  }

  @Override
  public List<FileEntry> list() throws IOException {
    var found = new ArrayList<FileEntry>();
    try {
      var pages = clients.get().listObjectsV2Paginator(ask -> ask.bucket(bucket).prefix(listed));
      for (var object : pages.contents()) {
        if (!object.key().endsWith("/")) found.add(entry(object));
      }
    } catch (SdkException failed) {
      throw failed("Bucket '" + url() + "' cannot be listed", failed);
    }
    return found;
  }

  @Override
  public FileEntry now(FileEntry file) throws IOException {
    try {
      var head = clients.get().headObject(ask -> ask.bucket(bucket).key(key(file)));
      return new FileEntry(
          file.path(), file.url(), head.contentLength(), head.lastModified(), head.eTag(), true);
    } catch (SdkException failed) {
      throw failed("File '" + file.url() + "' cannot be asked for", failed);
    }
  }

  @Override
  public Local open(FileEntry file) throws IOException {
    var copy =
        Files.createTempFile("sluice-s3", "-" + file.name().replaceAll("[^A-Za-z0-9._-]", "_"));
    try {
      Files.delete(copy); // the SDK wants to make it
      clients
          .get()
          .getObject(
              ask -> ask.bucket(bucket).key(key(file)).ifMatch(file.version()),
              ResponseTransformer.toFile(copy));
      if (Files.size(copy) != file.size()) {
        throw new IOException(
            "File '%s' has %d bytes, but %d came; run again"
                .formatted(file.url(), file.size(), Files.size(copy)));
      }
      return new Downloaded(copy);
    } catch (SdkException failed) {
      Files.deleteIfExists(copy);
      if (failed instanceof S3Exception answer && answer.statusCode() == PRECONDITION_FAILED) {
        throw new IOException(
            "File '%s' changed between its listing and its reading; nothing of this run is kept, so run again once its writer is done"
                .formatted(file.url()),
            failed);
      }
      throw failed("File '" + file.url() + "' cannot be downloaded", failed);
    } catch (IOException | RuntimeException failed) {
      Files.deleteIfExists(copy);
      throw failed;
    }
  }

  private record Downloaded(Path path) implements Local {
    @Override
    public void close() throws IOException {
      Files.deleteIfExists(path);
    }
  }

  private FileEntry entry(S3Object object) {
    return new FileEntry(
        object.key().substring(folder.length()),
        "s3://" + bucket + "/" + object.key(),
        object.size(),
        object.lastModified(),
        object.eTag(),
        true);
  }

  private String key(FileEntry file) {
    return folder + file.path();
  }

  private static IOException failed(String what, SdkException cause) {
    return new IOException("%s: '%s'".formatted(what, cause.getMessage()), cause);
  }
}
