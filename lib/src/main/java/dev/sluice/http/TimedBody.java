package dev.sluice.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A response body as a stream that ends with a timeout when the server falls silent, or sends so
/// little that a small page would take hours. The client of Java watches until the headers only.
final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  /// Fewer bytes than this a second, over a whole timeout, is a drip and not a body.
  private static final int DRIP_BYTES_PER_SECOND = 16;

  private static final Object END = new Object();

  private record Broken(Throwable cause) {}

  private final Duration timeout;
  private final boolean mayDrip;
  private final LinkedBlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
  private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private boolean ended;
  private long windowStart;
  private long windowBytes;

  TimedBody(Duration timeout, boolean mayDrip) {
    this.timeout = timeout;
    this.mayDrip = mayDrip;
    this.windowStart = System.nanoTime();
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (subscription.complete(given)) {
      given.request(2); // one being read, one on its way
    } else {
      given.cancel();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    arrived.add(item);
  }

  @Override
  public void onError(Throwable cause) {
    arrived.add(new Broken(cause));
  }

  @Override
  public void onComplete() {
    arrived.add(END);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    var buffer = next();
    if (buffer == null) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  private @Nullable ByteBuffer next() throws IOException {
    while (true) {
      while (!buffers.isEmpty()) {
        if (buffers.peek().hasRemaining()) {
          return buffers.peek();
        }
        buffers.remove();
      }
      if (ended) {
        return null;
      }
      receive();
    }
  }

  private void receive() throws IOException {
    Object item;
    try {
      item = arrived.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      var interrupted = new InterruptedIOException("interrupted while reading the body");
      interrupted.initCause(e);
      throw interrupted;
    }
    if (item == null) {
      close();
      throw new HttpTimeoutException(
          "the body fell silent for " + seconds() + " (request_timeout)");
    } else if (item == END) {
      ended = true;
    } else if (item instanceof Broken broken) {
      ended = true;
      throw broken.cause instanceof IOException io
          ? new IOException(io.getMessage() == null ? io.toString() : io.getMessage(), io)
          : new IOException(broken.cause);
    } else if (item instanceof List<?> list) {
      for (var buffer : list) {
        var bytes = (ByteBuffer) buffer;
        windowBytes += bytes.remaining();
        buffers.add(bytes);
      }
      watchTheDrip();
      subscription.join().request(1);
    }
  }

  private void watchTheDrip() throws HttpTimeoutException {
    long now = System.nanoTime();
    if (now - windowStart < timeout.toNanos()) {
      return;
    }
    double least = DRIP_BYTES_PER_SECOND * ((now - windowStart) / 1e9);
    // a body that just ended is no drip, however slow its last window was
    if (!mayDrip && windowBytes < least && arrived.peek() != END) {
      long received = windowBytes;
      close();
      throw new HttpTimeoutException(
          "the body drips: " + received + " bytes in " + seconds() + " (request_timeout)");
    }
    windowStart = now;
    windowBytes = 0;
  }

  private String seconds() {
    return Delays.text(timeout);
  }

  @Override
  public void close() {
    ended = true;
    buffers.clear();
    if (subscription.isDone()) {
      subscription.join().cancel();
    } else {
      subscription.cancel(false); // a late subscription finds it done and is cancelled
    }
  }
}
