package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerificationTest {
  @TempDir Path folder;

  private StoredJob job(String content) throws IOException {
    var name = new JobName("users", "0000000001", 0, "jsonl", false);
    var file = Files.writeString(folder.resolve(name.fileName()), content);
    var sum = FileSum.read(file);
    return new StoredJob(
        name,
        JobState.NEW,
        file,
        OptionalLong.of(1),
        sum.bytes(),
        Optional.ofNullable(sum.crc32c()));
  }

  @Test
  void aFileThatIsWhatWasWrittenIsLetThrough() throws IOException {
    try (var verification = Verification.begin(List.of(job("{}\n")))) {
      verification.require();
    }
  }

  @Test
  void anotherContentOfTheSameSizeIsRefused() throws IOException {
    var job = job("{\"a\":1}\n");
    Files.writeString(job.file(), "{\"a\":3}\n");
    try (var verification = Verification.begin(List.of(job))) {
      assertThatThrownBy(verification::require)
          .hasMessage(
              "The file '"
                  + job.file()
                  + "' is damaged or was changed: its checksum is not that of the 8 bytes that were"
                  + " written; restore it, or drop the package with dropPendingPackages() and extract"
                  + " again");
    }
  }

  @Test
  void aFileThatChangedAndChangedBackMeanwhileIsRefusedForNow() throws Exception {
    var job = job("{\"a\":1}\n");
    try (var verification = Verification.begin(List.of(job))) {
      Thread.sleep(20); // times of files are no finer
      Files.writeString(job.file(), "{\"a\":3}\n");
      Files.writeString(job.file(), "{\"a\":1}\n");
      assertThatThrownBy(verification::require)
          .isInstanceOfSatisfying(
              StoreException.class, refused -> assertThat(refused.retryMayCure()).isTrue())
          .hasMessageContaining("was changed while it was loaded");
    }
  }

  @Test
  void sumsAreThoseOfTheStandard() {
    // the check value of CRC-32C, and of nothing
    assertThat(FileSum.of("123456789".getBytes(StandardCharsets.US_ASCII)).crc32c())
        .isEqualTo("e3069283");
    assertThat(FileSum.of(0, new CRC32C()).crc32c()).isEqualTo("00000000");
  }

  @Test
  void everyFlipCutAndZeroOfASealedObjectIsNoticed() {
    var sealed = SelfChecked.seal("{\"format\":2,\"jobs\":{}}".getBytes(StandardCharsets.US_ASCII));
    SelfChecked.require(sealed, IllegalStateException::new);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      var flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertNoticed(flipped);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertNoticed(Arrays.copyOf(sealed, length));
      var zeros = sealed.clone();
      Arrays.fill(zeros, length, Math.min(sealed.length, length + 4), (byte) 0);
      assertNoticed(zeros);
    }
  }

  private static void assertNoticed(byte[] bytes) {
    if (SelfChecked.isSealed(bytes)) {
      assertThatThrownBy(() -> SelfChecked.require(bytes, IllegalStateException::new))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
