package dev.sluice.progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/// CPU and memory of this process, without the management beans, which take long to load.
final class ProcessLoad {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final LongSupplier nanoTime;
  private long seenAt;
  private Duration seenCpu;

  ProcessLoad(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    seenAt = nanoTime.getAsLong();
    seenCpu = cpu();
  }

  /// Since the last call; 100 is one core.
  double cpuPercent() {
    var cpu = cpu();
    var now = nanoTime.getAsLong();
    var busy = cpu.minus(seenCpu).toNanos();
    var passed = now - seenAt;
    seenCpu = cpu;
    seenAt = now;
    return passed <= 0 ? 0 : 100.0 * busy / passed;
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Resident memory; the heap in use where the system does not tell.
  long memoryBytes() {
    if (Files.isReadable(STATUS)) {
      try (var lines = Files.lines(STATUS)) {
        var resident = lines.filter(line -> line.startsWith("VmRSS:")).findFirst();
        if (resident.isPresent()) {
          return Long.parseLong(resident.get().replaceAll("\\D", "")) * 1_024;
        }
      } catch (IOException untold) {
        return heapBytes();
      }
    }
    return heapBytes();
  }

  private static long heapBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
