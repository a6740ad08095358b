package io.fettle.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Another main class of the build that runs now, in a JVM of its own. */
public final class JavaCommand {
  private static final String AGENT_HEAP = "384m";

  /** Starts in half the time, and takes less memory and CPU than both compilers together. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  /**
   * Twenty times what is usual before the second compiler takes a method: it still takes the few
   * that hash, and no longer spends as much on the others as a whole transfer takes.
   */
  private static final List<String> LATE_SECOND =
      List.of(
          "-XX:Tier4InvocationThreshold=100000",
          "-XX:Tier4MinInvocationThreshold=12000",
          "-XX:Tier4CompileThreshold=300000",
          "-XX:Tier4BackEdgeThreshold=800000");

  private final Home home;

  JavaCommand(Home home) {
    this.home = home;
  }

  /** A main class with all that an agent of this machine is started with. */
  public static List<String> ofAgent(String mainClass, List<String> arguments) {
    return new JavaCommand(Home.current()).agent(mainClass, arguments);
  }

  /** One that moves and hashes bytes: SHA-256 is a tenth as fast without the second compiler. */
  List<String> agent(String mainClass, List<String> arguments) {
    return of(classPath(), mainClass, AGENT_HEAP, LATE_SECOND, arguments);
  }

  /** One that only tells others what to do. */
  List<String> of(String mainClass, String heap, List<String> arguments) {
    return of(classPath(), mainClass, heap, arguments);
  }

  List<String> of(String classPath, String mainClass, String heap, List<String> arguments) {
    return of(classPath, mainClass, heap, List.of(QUICK_START), arguments);
  }

  private List<String> of(
      String classPath,
      String mainClass,
      String heap,
      List<String> compilers,
      List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dsun.net.httpserver.nodelay=true",
            "-Dfettle.log=INFO",
            "-Dfettle.root=" + home.root(),
            "-Dfettle.home=" + home.path(),
            "-cp",
            classPath,
            mainClass));
    command.addAll(1, compilers);
    command.addAll(arguments);
    return command;
  }

  /**
   * Names the build: equal for equal class paths, and the launcher puts the sources' hash into
   * ours.
   */
  static String app() {
    var hash = Download.sha256().digest(classPath().getBytes(UTF_8));
    return HexFormat.of().formatHex(hash, 0, 6);
  }

  /** The class path of a command that was made here. */
  static String classPath(List<String> command) {
    return command.get(command.indexOf("-cp") + 1);
  }

  /** The class path of this JVM; folded to {@code folder/*} where all jars lie in one folder. */
  static String classPath() {
    var path = System.getProperty("java.class.path");
    var folders =
        Stream.of(path.split(File.pathSeparator)).map(entry -> Path.of(entry).getParent()).toList();
    var first = folders.getFirst();
    var folded = first != null && path.contains(".jar") && folders.stream().allMatch(first::equals);
    return folded ? first.resolve("*").toString() : path;
  }
}
