package dev.sluice.http;

import dev.sluice.config.Masking;
import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A body into a file: continued where it broke off if the server can, whole or not there at all.
final class Download {
  private final Http http;
  private final Http.Request request;

  Download(Http http, Http.Request request) {
    this.http = http;
    this.request = with(request, "Accept-Encoding", "identity").accept(206, 416);
  }

  Path into(Path target) throws IOException {
    var name = target.getFileName() + ".part";
    var part = target.resolveSibling(name);
    try (var file =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      fill(file);
      file.force(true);
    } catch (IOException | RuntimeException e) {
      try {
        Files.deleteIfExists(part);
      } catch (IOException stays) {
        e.addSuppressed(stays);
      }
      throw e;
    }
    return Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private void fill(FileChannel file) throws IOException {
    String tag = null;
    for (int attempt = 1; ; attempt++) {
      var opened = new Call(http, continued(file.position(), tag)).open();
      var answer = opened.answer();
      boolean elsewhere = answer.status() == 206 && !continues(answer, file.position());
      if (answer.status() != 206 || elsewhere) { // from the beginning, even if a part was asked for
        file.truncate(0);
      }
      if (answer.status() == 416 || elsewhere) { // what was begun cannot be continued
        opened.stream().close();
        tag = null;
        if (attempt <= http.settings().retries) {
          continue;
        }
        throw failed(
            request + " answers with another part of the file than the one asked for",
            answer,
            attempt,
            null);
      }
      tag = strong(answer.header("ETag"));
      try (var body = opened.stream()) {
        copy(body, file);
        return;
      } catch (IOException e) {
        if (attempt > http.settings().retries || !http.settings().retryException.test(e)) {
          throw failed(
              request
                  + " broke off at byte "
                  + file.position()
                  + " after "
                  + attempt
                  + " attempts: "
                  + IoFault.said(e),
              answer,
              attempt,
              e);
        }
      }
      sleep(attempt);
    }
  }

  private Http.Request continued(long position, @Nullable String tag) {
    return position == 0 || tag == null
        ? request
        : with(with(request, "Range", "bytes=" + position + "-"), "If-Range", tag);
  }

  private static Http.Request with(Http.Request request, String name, String value) {
    return new Http.Request(request.parts.changed(parts -> parts.setOurHeader(name, value)));
  }

  private static boolean continues(Answer answer, long position) {
    var range = answer.header("Content-Range");
    return range == null || range.strip().startsWith("bytes " + position + "-");
  }

  private static @Nullable String strong(@Nullable String tag) {
    return tag == null || tag.startsWith("W/") ? null : tag;
  }

  private static void copy(InputStream body, FileChannel file) throws IOException {
    var buffer = new byte[1 << 16];
    for (int n; (n = body.read(buffer)) >= 0; ) {
      for (var bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining(); ) {
        file.write(bytes);
      }
    }
  }

  private void sleep(int attempt) {
    var settings = http.settings();
    try {
      settings.pace.sleeper().sleep(Delays.jittered(Delays.backoff(attempt, settings), settings));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(request + " was interrupted while waiting to retry", null, attempt, e);
    }
  }

  private Http.Failed failed(
      String message, @Nullable Answer answer, int attempts, @Nullable Throwable cause) {
    UnaryOperator<String> mask =
        text -> http.settings().known.apply(answer == null ? text : answer.masked(text));
    return new Http.Failed(
        mask.apply(message), answer, attempts, cause == null ? null : Masking.chain(cause, mask));
  }
}
