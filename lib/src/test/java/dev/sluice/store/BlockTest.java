package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockTest {
  @TempDir Path folder;

  @Test
  void whatZlibWritesIsReadBack() throws IOException {
    writeAndRead();
  }

  /// The faster library, where it is to be had: its thread ends one way or the other.
  @Test
  void whatTheFasterLibraryWritesIsReadBack() throws Exception {
    IntelDeflate.prepare();
    for (var wait = 0; wait < 200 && !IntelDeflate.ready(); wait++) Thread.sleep(10);
    assumeTrue(IntelDeflate.ready(), "skipped: needs Linux or macOS on x86-64");
    writeAndRead();
  }

  @Test
  void withoutTheFasterLibraryOnTheClassPathThereIsZlib() throws Exception {
    var others = new ArrayList<URL>();
    for (var path : System.getProperty("java.class.path").split(File.pathSeparator))
      if (!path.contains("gkl")) others.add(Path.of(path).toUri().toURL());
    try (var loader =
        new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      var ready = loader.loadClass(IntelDeflate.class.getName()).getDeclaredMethod("ready");
      ready.setAccessible(true);
      assertThat(ready.invoke(null)).isEqualTo(false);
    }
  }

  @Test
  void othersGzipIsReadToo() throws IOException {
    var file = folder.resolve("rows.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("[{}]".repeat(50_000).getBytes());
    }
    try (var in = JobReader.open(file)) {
      assertThat(in.readAllBytes()).hasSize(200_000);
    }
  }

  /// No cut and no flipped bit goes unnoticed, whoever inflates.
  private void damage(byte[] whole, byte[] plain) throws IOException {
    var file = folder.resolve("damaged.gz");
    var random = new Random(8);
    for (int i = 0; i < 40; i++) {
      Files.write(file, Arrays.copyOf(whole, 1 + random.nextInt(300_000)));
      assertThatThrownBy(() -> readAll(file)).isInstanceOf(IOException.class);
      var flipped = Arrays.copyOf(whole, whole.length);
      // not one of the header's bytes that nobody has to look at
      flipped[Block.HEADER + 10 + random.nextInt(40_000)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      assertThatThrownBy(() -> readAll(file)).isInstanceOf(IOException.class);
      // what repeats has several spellings
      var respelled = Arrays.copyOf(whole, whole.length);
      respelled[whole.length - 200 - random.nextInt(10_000)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, respelled);
      try {
        assertThat(Arrays.equals(readAll(file), plain)).isTrue();
      } catch (IOException noticed) {
        assertThat(noticed).isInstanceOfAny(ZipException.class, EOFException.class);
      }
    }
  }

  private static byte[] readAll(Path file) throws IOException {
    try (var in = JobReader.open(file)) {
      return in.readAllBytes();
    }
  }

  /// Text and noise, pieces around the size of a member.
  private void writeAndRead() throws IOException {
    var file = folder.resolve("rows.gz");
    var random = new Random(7);
    var checksum = new CRC32C();
    var all = new ByteArrayOutputStream();
    try (var block = new Block();
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int length :
          new int[] {0, 1, 64_999, 65_000, 65_001, 262_144, 262_145, 3_000_000, 0, 5_000_000, 17}) {
        var noise = new byte[length + 3];
        random.nextBytes(noise);
        var text =
            "{\"id\":1,\"name\":\"a row like another\"}\n".repeat(length / 30 + 1).getBytes();
        for (var bytes : new byte[][] {noise, text}) {
          block.writeGzip(channel, checksum, bytes, length);
          all.write(bytes, 0, length);
        }
      }
    }
    assertThat(FileSum.read(file)).isEqualTo(FileSum.of(Files.size(file), checksum));
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(in.readAllBytes()).isEqualTo(all.toByteArray());
    }
    try (var in = JobReader.open(file)) {
      assertThat(in).isInstanceOf(BlockInput.class);
      assertThat(in.readAllBytes()).isEqualTo(all.toByteArray());
    }
    damage(Files.readAllBytes(file), all.toByteArray());
    assertThat(Files.size(file)).isLessThan(all.size() * 6L / 10);
  }
}
