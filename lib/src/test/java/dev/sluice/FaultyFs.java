package dev.sluice;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The real file system, with something that happens just before an operation: an interrupt, or an
/// error in its place. Paths are spelled as they are, so that DuckDB reads the same files.
///
/// Counted are openings, renames, deletions and listings, in whichever thread.
final class FaultyFs extends FileSystem {
  /// What happens before an operation; an error stands for it.
  @FunctionalInterface
  interface Fault {
    void before(String operation, Path path) throws IOException;
  }

  private final FileSystem real;
  private final Provider provider = new Provider();
  private long operations;
  private long at = Long.MAX_VALUE;
  private boolean on;
  private Predicate<String> which = operation -> true;
  private Fault fault = (operation, path) -> {};

  private FaultyFs(FileSystem real) {
    this.real = real;
  }

  /// The same path, reached through a file system of its own.
  static FaultyFs over(Path folder) {
    return new FaultyFs(folder.getFileSystem());
  }

  Path path(Path folder) {
    return new Wrapped(this, folder);
  }

  /// At the n-th operation from now.
  synchronized void at(long n, Fault fault) {
    this.operations = 0;
    this.at = n;
    this.on = false;
    this.which = operation -> true;
    this.fault = fault;
  }

  /// At the n-th operation from now and at every one after it.
  synchronized void from(long n, Fault fault) {
    at(n, fault);
    this.on = true;
  }

  /// At every operation from now on whose name and path, with a blank between, are such.
  synchronized void each(Predicate<String> which, Fault fault) {
    from(1, fault);
    this.which = which;
  }

  synchronized void never() {
    at(Long.MAX_VALUE, (operation, path) -> {});
  }

  /// Operations since then.
  synchronized long operations() {
    return operations;
  }

  private synchronized boolean now(String operation, Path path) {
    if (!which.test(operation + " " + path)) return false;
    operations++;
    return on ? operations >= at : operations == at;
  }

  private Path before(String operation, Path path) throws IOException {
    if (now(operation, path)) fault.before(operation, path);
    return inner(path);
  }

  private static Path inner(Path path) {
    return path instanceof Wrapped wrapped ? wrapped.inner : path;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return real.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return real.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    var roots = new ArrayList<Path>();
    real.getRootDirectories().forEach(root -> roots.add(path(root)));
    return roots;
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return real.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return real.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return path(real.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    var matcher = real.getPathMatcher(pattern);
    return path -> matcher.matches(inner(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return real.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private final class Provider extends FileSystemProvider {
    private FileSystemProvider real() {
      return real.provider();
    }

    @Override
    public String getScheme() {
      return "faulty";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return FaultyFs.this;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return real().newByteChannel(before("open", path), options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return real().newFileChannel(before("open", path), options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      var entries =
          real().newDirectoryStream(before("list", folder), entry -> filter.accept(path(entry)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          var each = entries.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return each.hasNext();
            }

            @Override
            public Path next() {
              return path(each.next());
            }
          };
        }

        @Override
        public void close() throws IOException {
          entries.close();
        }
      };
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
      real().createDirectory(before("create", path), attributes);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
      real().createLink(before("create", link), inner(existing));
    }

    @Override
    public void delete(Path path) throws IOException {
      real().delete(before("delete", path));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
      real().copy(inner(from), before("create", to), options);
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      real().move(inner(from), before("move", to), options);
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
      return real().isSameFile(inner(one), inner(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return real().isHidden(inner(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return real().getFileStore(inner(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      real().checkAccess(inner(path), modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return real().getFileAttributeView(inner(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return real().readAttributes(inner(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
        throws IOException {
      return real().readAttributes(inner(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
        throws IOException {
      real().setAttribute(inner(path), attribute, value, options);
    }
  }

  private record Wrapped(FaultyFs fs, Path inner) implements Path {
    private @Nullable Path wrap(@Nullable Path path) {
      return path == null ? null : fs.path(path);
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
      return fs.path(inner.getName(index));
    }

    @Override
    public Path subpath(int begin, int end) {
      return fs.path(inner.subpath(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
      return inner.startsWith(FaultyFs.inner(other));
    }

    @Override
    public boolean endsWith(Path other) {
      return inner.endsWith(FaultyFs.inner(other));
    }

    @Override
    public Path normalize() {
      return fs.path(inner.normalize());
    }

    @Override
    public Path resolve(Path other) {
      return fs.path(inner.resolve(FaultyFs.inner(other)));
    }

    @Override
    public Path relativize(Path other) {
      return fs.path(inner.relativize(FaultyFs.inner(other)));
    }

    @Override
    public URI toUri() {
      return inner.toUri();
    }

    @Override
    public Path toAbsolutePath() {
      return fs.path(inner.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
      return fs.path(inner.toRealPath(options));
    }

    @Override
    public WatchKey register(
        WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
      return inner.compareTo(FaultyFs.inner(other));
    }

    @Override
    public String toString() {
      return inner.toString();
    }
  }
}
