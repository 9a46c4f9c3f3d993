import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Copies DuckDB's jar without its native libraries, and puts the library of this system beside it, where the driver finds it.
/// Otherwise it unpacks 72 MB at every start. Fails with a driver that does not look there, as those before 1.4.
/// Arguments: the jar, and a folder that exists.
void main(String... arguments) throws Exception {
  var jar = Path.of(arguments[0]);
  var folder = Path.of(arguments[1]);
  var own = "libduckdb_java.so_" + system() + "_" + processor();
  try (var from = new ZipFile(jar.toFile());
      var to = new ZipOutputStream(Files.newOutputStream(folder.resolve(jar.getFileName())))) {
    for (var entry : from.stream().toList()) {
      try (var content = from.getInputStream(entry)) {
        if (entry.getName().equals(own)) Files.copy(content, folder.resolve(own));
        if (entry.getName().startsWith("libduckdb_java.so_")) continue;
        to.putNextEntry(new ZipEntry(entry.getName()));
        content.transferTo(to);
      }
    }
  }
  if (!Files.exists(folder.resolve(own))) throw new IOException(jar + " has no " + own);
  var lean = folder.resolve(jar.getFileName()).toUri().toURL();
  try (var loader = new URLClassLoader(new URL[] {lean}, ClassLoader.getPlatformClassLoader())) {
    Class.forName("org.duckdb.DuckDBNative", true, loader);
  }
}

String system() {
  var name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
  return name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : "linux";
}

String processor() {
  var name = System.getProperty("os.arch");
  return name.equals("aarch64") || name.equals("arm64") ? "arm64" : "amd64";
}
