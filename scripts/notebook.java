///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION JupyterLab with a Java kernel that has Sluice: [--kernel-only] [--print] [what JupyterLab takes...]
//SOURCES ../lib/sluice.java
//SOURCES ../lib/src/notebook/java/dev/sluice/notebook/NotebookExtension.java
//SOURCES ../lib/src/notebook/java/dev/sluice/notebook/NotebookProgress.java
//DEPS org.dflib.jjava:jjava-jupyter:1.0-a6
//FILES META-INF/services/=../lib/src/notebook/resources/META-INF/services/*
import dev.sluice.json.Json;

String PACKAGES = "jupyterlab==4.6.6 jjava==1.0a8 nbclient==0.11.0 nbconvert==7.17.2";

// A kernel is a file that says which command starts it; ours starts JJava with the class path of this script.
void main(String... arguments) throws Exception {
  var words = new ArrayList<>(List.of(arguments));
  var print = words.remove("--print");
  var kernelOnly = words.remove("--kernel-only");
  if (print) {
    IO.println(Json.dumps(kernel(Path.of("jjava.jar"))));
    return;
  }
  var home = home();
  var python = python(home);
  var jjava = Path.of(said(python, "-c", "import sys; print(sys.prefix)")).resolve("share/jupyter/kernels/java/jjava.jar");
  if (!Files.exists(jjava)) stop("'" + python + "' has no JJava; install it there with pip install jjava==1.0a8");
  var kernels = home.resolve("jupyter");
  var file = Files.createDirectories(kernels.resolve("kernels/sluice")).resolve("kernel.json");
  Files.write(file, Json.dumpb(kernel(jjava)));
  IO.println("kernel: " + file);
  if (kernelOnly) return;
  var command = new ArrayList<>(List.of(python, "-m", "jupyterlab"));
  command.addAll(words.isEmpty() && System.getenv("SLUICE_HOME") != null ? List.of(System.getenv("SLUICE_HOME") + "/notebooks") : words);
  var lab = new ProcessBuilder(command).inheritIO();
  lab.environment().merge("JUPYTER_PATH", kernels.toString(), (old, ours) -> ours + File.pathSeparator + old);
  System.exit(lab.start().waitFor());
}

Map<String, Object> kernel(Path jjava) {
  // the kernel brings its own Jupyter classes
  var classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
      .filter(entry -> !entry.matches(".*(jjava-jupyter|gson|jeromq|jnacl).*"))
      .collect(Collectors.joining(File.pathSeparator));
  var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  return Map.of(
      "argv", List.of(java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC",
          "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED", "-jar", jjava.toString(), "{connection_file}"),
      "display_name", "Sluice (Java)", "language", "java", "interrupt_mode", "message",
      "env", Map.of("JJAVA_CLASSPATH", classPath, "PROGRESS", "dev.sluice.notebook.NotebookProgress",
          "SLUICE_STACKTRACE", System.getenv().getOrDefault("SLUICE_STACKTRACE", "0")));
}

Path home() {
  var cache = System.getenv("XDG_CACHE_HOME");
  return (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache)).resolve("sluice");
}

/// The Python of SLUICE_JUPYTER, or one in a virtual environment that is made once.
String python(Path home) throws Exception {
  if (System.getenv("SLUICE_JUPYTER") != null) return System.getenv("SLUICE_JUPYTER");
  var folder = home.resolve("jupyter-4.6.6");
  var python = folder.resolve("bin/python").toString();
  if (!Files.exists(folder.resolve("complete"))) {
    IO.println("installing JupyterLab and JJava in " + folder + ", once");
    run("python3", "-m", "venv", "--clear", folder.toString());
    var pip = new ArrayList<>(List.of(python, "-m", "pip", "install", "-q", "--disable-pip-version-check"));
    pip.addAll(List.of(PACKAGES.split(" ")));
    run(pip.toArray(String[]::new));
    Files.createFile(folder.resolve("complete"));
  }
  return python;
}

void run(String... command) throws Exception {
  try {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) stop("'" + String.join(" ", command) + "' failed");
  } catch (IOException missing) {
    stop("Cannot start '" + command[0] + "'; install Python 3 with venv, or name a Python that has JupyterLab and jjava in SLUICE_JUPYTER");
  }
}

String said(String... command) throws Exception {
  var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  return new String(process.getInputStream().readAllBytes()).strip();
}

void stop(String why) {
  System.err.println(why);
  System.exit(2);
}
