package dev.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/// An open file, or an open folder, which can only be forced.
final class PowerLossChannel extends FileChannel {
  private final PowerLossFs fs;
  private final PowerLossFs.Node node;
  private long position;

  PowerLossChannel(PowerLossFs fs, PowerLossFs.Node node, boolean append) {
    this.fs = fs;
    this.node = node;
    this.position = append ? node.data.length : 0;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int read(ByteBuffer target, long from) throws IOException {
    fs.look();
    synchronized (fs) {
      if (from >= node.data.length) return -1;
      int count = (int) Math.min(target.remaining(), node.data.length - from);
      target.put(node.data, (int) from, count);
      return count;
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int count = write(source, position);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer source, long to) throws IOException {
    return whole(() -> {
      var error = fs.step();
      int count = source.remaining();
      var longer = Arrays.copyOf(node.data, (int) Math.max(node.data.length, to + count));
      source.get(longer, (int) to, count);
      node.data = longer;
      PowerLossFs.told(error);
      return count;
    });
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long to) {
    position = to;
    return this;
  }

  @Override
  public long size() {
    return node.data.length;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    return whole(() -> {
      var error = fs.step();
      if (size < node.data.length) node.data = Arrays.copyOf(node.data, (int) size);
      position = Math.min(position, size);
      PowerLossFs.told(error);
      return this;
    });
  }

  @Override
  public void force(boolean metadata) throws IOException {
    whole(() -> {
      fs.force(node);
      return this;
    });
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run() throws IOException;
  }

  /// As the channels of the JDK do it: an interrupt before or during an operation closes them.
  private <T> T whole(Operation<T> operation) throws IOException {
    if (!isOpen()) throw new ClosedChannelException();
    boolean completed = false;
    try {
      begin();
      synchronized (fs) {
        if (!isOpen()) throw new ClosedChannelException();
        var result = operation.run();
        completed = true;
        return result;
      }
    } finally {
      end(completed);
    }
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) {
    return new FileLock(this, from, size, shared) {
      @Override
      public boolean isValid() {
        return isOpen();
      }

      @Override
      public void release() {
        // nobody else sees this file system
      }
    };
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) {
    return tryLock(from, size, shared);
  }

  @Override
  protected void implCloseChannel() {
    // closing makes nothing durable
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long size) {
    throw new UnsupportedOperationException();
  }
}
