import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The block of memory that the harness, a process under test and the shim in it share; its layout is
/// that of `struct control` in shim.c.
final class Control implements AutoCloseable {
  /// What a process is doing, in the order of a run; the shim counts operations for each.
  static final List<String> STAGES = List.of("none", "open", "sync", "extract", "normalize", "load");

  /// The kinds of operations.
  static final List<String> OPS = List.of("write", "fsync", "rename", "unlink", "open", "read", "truncate", "link", "mkdir");

  /// Those that change something on the disk.
  static final List<String> CHANGES = List.of("write", "fsync", "rename", "unlink", "open", "truncate", "link", "mkdir");

  /// What the shim does; the order is that of its enum.
  enum Action {
    NONE,
    KILL,
    FAIL,
    SHORT,
    TORN,
    TELL,
    STOP
  }

  static final int EIO = 5;
  static final int EMFILE = 24;
  static final int ENOSPC = 28;

  private static final int BYTES = 4096;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment block;

  Control(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      block = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
    }
  }

  /// Where the process is now; it says so itself.
  void stage(String name) {
    block.set(ValueLayout.JAVA_INT, 0, STAGES.indexOf(name));
  }

  /// Lets the n-th operation of these kinds in a stage (`any`: from the beginning of the run) be struck, or all from then on.
  void arm(String stage, List<String> ops, Action action, int error, boolean sticky, long nth) {
    arm(stage, ops, action, error, sticky, nth, 0);
  }

  /// The same, counted from when the folder's journal has been put in place so many times in the stage.
  void arm(String stage, List<String> ops, Action action, int error, boolean sticky, long nth, int after) {
    var bits = 0;
    for (var op : ops) {
      bits |= 1 << OPS.indexOf(op);
    }
    block.set(ValueLayout.JAVA_INT, 56, 0);
    block.set(ValueLayout.JAVA_INT, 4, STAGES.indexOf(stage));
    block.set(ValueLayout.JAVA_INT, 8, bits);
    block.set(ValueLayout.JAVA_INT, 12, action.ordinal());
    block.set(ValueLayout.JAVA_INT, 16, error);
    block.set(ValueLayout.JAVA_INT, 20, sticky ? 1 : 0);
    block.set(ValueLayout.JAVA_LONG, 24, nth);
    block.set(ValueLayout.JAVA_LONG, 32, 0);
    block.set(ValueLayout.JAVA_INT, 40, 0);
    block.set(ValueLayout.JAVA_INT, 44, 0);
    block.asSlice(1088, 1024).fill((byte) 0);
    block.set(ValueLayout.JAVA_INT, 2112, after);
    block.set(ValueLayout.JAVA_INT, 2116, 0);
    block.set(ValueLayout.JAVA_INT, 56, 1);
  }

  void disarm() {
    block.set(ValueLayout.JAVA_INT, 56, 0);
  }

  /// How often it struck.
  int fired() {
    return block.get(ValueLayout.JAVA_INT, 40);
  }

  /// What it struck first: the kind of operation and the file.
  String struck() {
    var path = block.asSlice(1088, 1024).toArray(ValueLayout.JAVA_BYTE);
    var length = 0;
    while (length < path.length && path[length] != 0) {
      length++;
    }
    return OPS.get(block.get(ValueLayout.JAVA_INT, 60)) + " of " + new String(path, 0, length, StandardCharsets.UTF_8);
  }

  /// Whether a thread of the process waits to be interrupted.
  boolean told() {
    return (int) ValueLayout.JAVA_INT.varHandle().getVolatile(block, 44L) != 0;
  }

  void answered() {
    ValueLayout.JAVA_INT.varHandle().setVolatile(block, 44L, 0);
  }

  /// Sets the clock of the day of the process forward, or back.
  void clock(long seconds) {
    block.set(ValueLayout.JAVA_LONG, 48, seconds);
  }

  /// How many operations of a kind a stage has done since [#forget()].
  long seen(String stage, String op) {
    return block.get(ValueLayout.JAVA_LONG, 64 + 8L * (16 * STAGES.indexOf(stage) + OPS.indexOf(op)));
  }

  void forget() {
    block.asSlice(64, 8 * 16 * 8).fill((byte) 0);
  }

  /// The kinds that a stage has done.
  List<String> kinds(String stage) {
    var found = new ArrayList<String>();
    for (var op : OPS) {
      if (seen(stage, op) > 0) {
        found.add(op);
      }
    }
    return found;
  }

  @Override
  public void close() {
    arena.close();
  }
}
