package dev.sluice.store;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A file system in memory that can lose power: it keeps what programs see apart from what is on
/// the disk.
///
/// A file's bytes reach the disk when it is forced, changes of names when their folder is forced; a
/// rename is one change, also across folders. When the power goes, of all that was not forced
/// something, everything or nothing is left.
///
/// ```java
/// var disk = PowerLossFs.create(Sync.NAMED);
/// disk.failAt(17);                        // the 17th change does not happen, nor any after it
/// ...
/// disk.restart(Left.PART, random);
/// ```
final class PowerLossFs extends FileSystem {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /// What else reaches the disk with the changes of a forced folder.
  enum Sync {
    /// Nothing but earlier changes of the same names: all that the standard promises.
    NAMED,
    /// All changes of names before them, as with a journal.
    JOURNAL
  }

  /// What is left of that which was not forced.
  enum Left {
    NOTHING,
    /// The first few changes of names; of each file all, nothing or a part.
    PART,
    /// All: the process died, not the machine.
    EVERYTHING
  }

  /// How a change goes wrong while the power stays on.
  enum Fault {
    /// It does not happen, with an error.
    REFUSED,
    /// It does not happen, nor does any after it until the restart: the disk is full, say.
    REFUSED_FROM_THERE,
    /// It happens, and an error is told all the same.
    DONE_BUT_REFUSED
  }

  /// The power is gone: thrown by every call until the restart.
  static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// A file or a folder.
  static final class Node {
    byte[] data = {};
    byte[] dataOnDisk = {};
    final @Nullable TreeMap<String, Node> entries;
    @Nullable TreeMap<String, Node> entriesOnDisk;

    Node(boolean folder) {
      entries = folder ? new TreeMap<>() : null;
      entriesOnDisk = folder ? new TreeMap<>() : null;
    }
  }

  private record Entry(Node folder, String name, @Nullable Node node) {}

  private final int number = NUMBERS.incrementAndGet();
  private final Provider provider = new Provider();
  private final Sync sync;
  private final Node root = new Node(true);
  private final List<List<Entry>> unforced = new ArrayList<>();
  private long steps;
  private long failAt = Long.MAX_VALUE;
  private long faultAt = Long.MAX_VALUE;
  private Fault fault = Fault.REFUSED;
  private boolean faulty;
  private long interruptAt = Long.MAX_VALUE;
  private boolean dead;

  private PowerLossFs(Sync sync) {
    this.sync = sync;
  }

  static PowerLossFs create(Sync sync) {
    return new PowerLossFs(sync);
  }

  /// Which of the file systems of this JVM it is.
  int number() {
    return number;
  }

  /// Changes so far, since the last restart.
  synchronized long steps() {
    return steps;
  }

  /// The power goes at the n-th change from now, which no longer happens.
  synchronized void failAt(long n) {
    failAt = steps + n;
  }

  synchronized boolean dead() {
    return dead;
  }

  /// The n-th change from now goes wrong with an input/output error; the power stays on.
  synchronized void faultAt(long n, Fault kind) {
    faultAt = steps + n;
    fault = kind;
    faulty = false;
  }

  /// Whether a change has gone wrong since then.
  synchronized boolean faulty() {
    return faulty;
  }

  /// The thread that makes the n-th change from now is interrupted just before it.
  synchronized void interruptAt(long n) {
    interruptAt = steps + n;
  }

  /// Turns the power back on.
  synchronized void restart(Left left, RandomGenerator random) {
    int kept =
        switch (left) {
          case NOTHING -> 0;
          case PART -> random.nextInt(unforced.size() + 1);
          case EVERYTHING -> unforced.size();
        };
    for (var change : unforced.subList(0, kept)) change.forEach(PowerLossFs::write);
    unforced.clear();
    restart(root, left, random, new IdentityHashMap<>());
    dead = false;
    steps = 0;
    failAt = Long.MAX_VALUE;
    faultAt = Long.MAX_VALUE;
    interruptAt = Long.MAX_VALUE;
  }

  private static void restart(
      Node node, Left left, RandomGenerator random, Map<Node, Boolean> seen) {
    if (seen.put(node, true) != null) return;
    var entries = node.entries;
    var onDisk = node.entriesOnDisk;
    if (entries == null || onDisk == null) {
      node.data =
          switch (left) {
            case NOTHING -> node.dataOnDisk;
            case EVERYTHING -> node.data;
            case PART ->
                switch (random.nextInt(3)) {
                  case 0 -> node.dataOnDisk;
                  case 1 -> node.data;
                  default -> torn(node, random);
                };
          };
      node.dataOnDisk = node.data;
      return;
    }
    entries.clear();
    entries.putAll(onDisk);
    for (var child : entries.values()) restart(child, left, random, seen);
  }

  /// What was forced, and behind it zeros or some of the bytes that were not.
  private static byte[] torn(Node node, RandomGenerator random) {
    if (node.data.length <= node.dataOnDisk.length) return node.dataOnDisk;
    int length = random.nextInt(node.dataOnDisk.length, node.data.length + 1);
    return random.nextBoolean()
        ? Arrays.copyOf(node.data, length)
        : Arrays.copyOf(node.dataOnDisk, length);
  }

  private static void write(Entry entry) {
    var onDisk = entry.folder.entriesOnDisk;
    if (onDisk == null) throw new IllegalStateException("no folder");
    if (entry.node == null) onDisk.remove(entry.name);
    else onDisk.put(entry.name, entry.node);
  }

  synchronized void look() {
    if (dead) throw new PowerLoss();
  }

  /// Counts a change that is about to happen.
  ///
  /// - returns the error to tell once it has happened, or null
  synchronized @Nullable IOException step() throws IOException {
    look();
    if (++steps >= failAt) {
      dead = true;
      throw new PowerLoss();
    }
    if (steps == interruptAt) Thread.currentThread().interrupt();
    if (steps < faultAt || (steps > faultAt && fault != Fault.REFUSED_FROM_THERE)) return null;
    faulty = true;
    var error = new IOException("Input/output error");
    if (fault != Fault.DONE_BUT_REFUSED) throw error;
    return error;
  }

  /// The end of a change: with the error that [#step()] gave, if it did.
  static void told(@Nullable IOException error) throws IOException {
    if (error != null) throw error;
  }

  synchronized void force(Node node) throws IOException {
    var error = step();
    forced(node);
    told(error);
  }

  private void forced(Node node) {
    if (node.entries == null) {
      node.dataOnDisk = node.data;
      return;
    }
    // from the last to the first, since an older change of a name never comes after a newer one
    var forced = new ArrayDeque<List<Entry>>();
    var rest = new ArrayDeque<List<Entry>>();
    for (var change : unforced.reversed()) {
      boolean before = sync == Sync.JOURNAL && !forced.isEmpty();
      if (before
          || change.stream().anyMatch(entry -> entry.folder == node)
          || forced.stream().anyMatch(later -> sameName(change, later))) forced.addFirst(change);
      else rest.addFirst(change);
    }
    for (var change : forced) change.forEach(PowerLossFs::write);
    unforced.clear();
    unforced.addAll(rest);
  }

  private static boolean sameName(List<Entry> one, List<Entry> other) {
    return one.stream()
        .anyMatch(entry ->
            other.stream().anyMatch(e -> e.folder == entry.folder && e.name.equals(entry.name)));
  }

  private void change(Entry... entries) throws IOException {
    var error = step();
    for (var entry : entries) {
      var folder = entry.folder.entries;
      if (folder == null) throw new IllegalStateException("no folder");
      if (entry.node == null) folder.remove(entry.name);
      else folder.put(entry.name, entry.node);
    }
    unforced.add(List.of(entries));
    told(error);
  }

  private @Nullable Node find(Path path) {
    look();
    var node = root;
    for (var name : PowerLossPath.inner(path).toAbsolutePath().normalize()) {
      if (node == null || node.entries == null) return null;
      node = node.entries.get(name.toString());
    }
    return node;
  }

  private Node get(Path path) throws NoSuchFileException {
    var node = find(path);
    if (node == null) throw new NoSuchFileException(path.toString());
    return node;
  }

  private Node folderOf(Path path) throws IOException {
    var parent = path.toAbsolutePath().getParent();
    var folder = parent == null ? root : get(parent);
    if (folder.entries == null) throw new NotDirectoryException(String.valueOf(parent));
    return folder;
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
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
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public Path getPath(String first, String... more) {
    return new PowerLossPath(this, FileSystems.getDefault().getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public String getScheme() {
      return "power";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return PowerLossFs.this;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      synchronized (PowerLossFs.this) {
        var node = find(path);
        boolean write =
            options.contains(StandardOpenOption.WRITE)
                || options.contains(StandardOpenOption.APPEND);
        if (node == null) {
          if (!write
              || !(options.contains(StandardOpenOption.CREATE)
                  || options.contains(StandardOpenOption.CREATE_NEW)))
            throw new NoSuchFileException(path.toString());
          node = new Node(false);
          change(new Entry(folderOf(path), nameOf(path), node));
        } else if (options.contains(StandardOpenOption.CREATE_NEW)) {
          throw new FileAlreadyExistsException(path.toString());
        } else if (write && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
          var error = step();
          node.data = new byte[0];
          told(error);
        }
        return new PowerLossChannel(
            PowerLossFs.this, node, options.contains(StandardOpenOption.APPEND));
      }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      var paths = new ArrayList<Path>();
      synchronized (PowerLossFs.this) {
        var entries = get(folder).entries;
        if (entries == null) throw new NotDirectoryException(folder.toString());
        for (var name : entries.keySet())
          if (filter.accept(folder.resolve(name))) paths.add(folder.resolve(name));
      }
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return paths.iterator();
        }

        @Override
        public void close() {
          // holds nothing
        }
      };
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
      synchronized (PowerLossFs.this) {
        if (find(path) != null) throw new FileAlreadyExistsException(path.toString());
        change(new Entry(folderOf(path), nameOf(path), new Node(true)));
      }
    }

    @Override
    public void delete(Path path) throws IOException {
      synchronized (PowerLossFs.this) {
        var entries = get(path).entries;
        if (entries != null && !entries.isEmpty())
          throw new DirectoryNotEmptyException(path.toString());
        change(new Entry(folderOf(path), nameOf(path), null));
      }
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
      synchronized (PowerLossFs.this) {
        var source = get(from);
        if (find(to) != null) throw new FileAlreadyExistsException(to.toString());
        var copy = new Node(source.entries != null);
        change(new Entry(folderOf(to), nameOf(to), copy));
        var error = step();
        copy.data = source.data;
        told(error);
      }
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      synchronized (PowerLossFs.this) {
        var node = get(from);
        var there = find(to);
        boolean atomic = Arrays.asList(options).contains(StandardCopyOption.ATOMIC_MOVE);
        if (there != null
            && !atomic
            && !Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING))
          throw new FileAlreadyExistsException(to.toString());
        if (there != null && there.entries != null && !there.entries.isEmpty())
          throw new DirectoryNotEmptyException(to.toString());
        change(
            new Entry(folderOf(from), nameOf(from), null),
            new Entry(folderOf(to), nameOf(to), node));
      }
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
      return get(one) == get(other);
    }

    @Override
    public boolean isHidden(Path path) {
      return nameOf(path).startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      get(path);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return type.cast(new Attributes(get(path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
      throw new UnsupportedOperationException();
    }
  }

  private record Attributes(Node node) implements BasicFileAttributes {
    @Override
    public FileTime lastModifiedTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public FileTime lastAccessTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public FileTime creationTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public boolean isRegularFile() {
      return node.entries == null;
    }

    @Override
    public boolean isDirectory() {
      return node.entries != null;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public long size() {
      return node.data.length;
    }

    @Override
    public Object fileKey() {
      return node;
    }
  }
}
