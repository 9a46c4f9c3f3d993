package dev.sluice.store;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names that some machine cannot have as those of files, so that a folder may move to any other.
final class FileNames {
  /// Bytes of a file's name that every usual file system takes.
  static final int LONGEST = 255;

  /// What Windows takes for a device, whatever stands behind a point.
  private static final Pattern DEVICE =
      Pattern.compile(
          "(?i)(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00B9\u00B2\u00B3]) *(\\..*)?");

  private FileNames() {}

  /// Why a name cannot be one; empty if it can.
  ///
  /// - `longest`: its bytes in UTF-8, at most
  static Optional<String> refusal(String name, int longest) {
    var bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > longest) {
      return Optional.of(
          "has %d bytes in UTF-8, but names of files made of it hold %d; choose a shorter one"
              .formatted(bytes, longest));
    }
    if (DEVICE.matcher(name).matches()) {
      return Optional.of("is one that Windows keeps for a device; choose another");
    }
    return name.endsWith(".") || name.endsWith(" ")
        ? Optional.of("ends with a point or a blank, which Windows leaves out; choose another")
        : Optional.empty();
  }

  /// A name as messages have it.
  static String shown(String name) {
    return name.length() > 60 ? name.substring(0, 60) + "…" : name;
  }
}
