package dev.sluice.store;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/// A path in a [PowerLossFs]: the algebra is that of the real file system's paths.
record PowerLossPath(PowerLossFs fs, Path inner) implements Path {
  private @Nullable Path wrap(@Nullable Path path) {
    return path == null ? null : new PowerLossPath(fs, path);
  }

  private Path with(Path path) {
    return new PowerLossPath(fs, path);
  }

  static Path inner(Path path) {
    return ((PowerLossPath) path).inner;
  }

  @Override
  public FileSystem getFileSystem() {
    return fs;
  }

  @Override
  public boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return wrap(inner.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return wrap(inner.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return wrap(inner.getParent());
  }

  @Override
  public int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(inner.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return with(inner.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return inner.startsWith(inner(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return inner.endsWith(inner(other));
  }

  @Override
  public Path normalize() {
    return with(inner.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return with(inner.resolve(inner(other)));
  }

  @Override
  public Path relativize(Path other) {
    return with(inner.relativize(inner(other)));
  }

  @Override
  public URI toUri() {
    return URI.create("power:" + fs.number() + inner.toUri().getRawPath());
  }

  @Override
  public Path toAbsolutePath() {
    return with(inner.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return with(inner.toAbsolutePath().normalize());
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return inner.compareTo(inner(other));
  }

  @Override
  public String toString() {
    return inner.toString();
  }
}
