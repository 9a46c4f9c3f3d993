import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.TreeMap;

/// Compares the jars of a folder with a list of `<SHA-256>  <name>`, a line each: none more, none
/// less, none other. Says what differs and ends with code 1.
class Checksums {
  public static void main(String[] arguments) throws Exception {
    var pinned = new TreeMap<String, String>();
    for (var line : Files.readAllLines(Path.of(arguments[1]))) {
      var parts = line.split("  ", 2);
      if (parts.length == 2) pinned.put(parts[1], parts[0]);
    }
    var differs = pinned.isEmpty() ? "no jar is pinned in '" + arguments[1] + "'\n" : "";
    try (var files = Files.list(Path.of(arguments[0]))) {
      for (var file : (Iterable<Path>) files.sorted()::iterator) {
        var name = file.getFileName().toString();
        var found = sha256(file);
        var wanted = pinned.remove(name);
        if (wanted == null) {
          differs += name + " is not one of those that are pinned\n";
        } else if (!wanted.equals(found)) {
          differs += name + " has the SHA-256 " + found + ", but must have " + wanted + "\n";
        }
      }
    }
    for (var name : pinned.keySet()) differs += name + " is missing\n";
    if (!differs.isEmpty()) {
      System.err.print(differs);
      System.exit(1);
    }
  }

  private static String sha256(Path file) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    try (var in = Files.newInputStream(file)) {
      var buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) digest.update(buffer, 0, n);
    } catch (IOException unreadable) {
      return "of what cannot be read";
    }
    var text = new StringBuilder();
    for (var b : digest.digest()) text.append(String.format("%02x", b));
    return text.toString();
  }
}
