package io.fettle.benchmarks.gate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Ways out of a sandbox, as Python that was answered; its test passes where the way is open. */
final class Escapes {
  private static final String FORK_BOMB =
      """
      import os
      made = 0
      while made < 2000:
          try:
              if os.fork() == 0:
                  while True:
                      try:
                          os.fork()
                      except OSError:
                          pass
              made += 1
          except OSError:
              pass
      """;

  private Escapes() {}

  /**
   * A way out.
   *
   * @param harmless whether it may be tried without a sandbox
   */
  record Way(String name, String answer, String test, boolean harmless) {}

  /**
   * All of them.
   *
   * @param port that something listens at, on this machine
   * @param pid of a process to be left alone
   * @param secret a file that is not to be read
   * @param trace a file that is not to be made
   */
  static List<Way> ways(int port, long pid, Path secret, Path trace) {
    List<Way> ways = new ArrayList<>(reaching(port, pid, secret, trace));
    ways.addAll(outgrowing(trace));
    ways.addAll(exhausting());
    ways.addAll(claiming());
    return Collections.unmodifiableList(ways);
  }

  private static List<Way> reaching(int port, long pid, Path secret, Path trace) {
    return List.of(
        new Way(
            "network",
            "import socket\nsocket.create_connection((\"127.0.0.1\", %d), 2)".formatted(port),
            "assert True",
            true),
        new Way(
            "read a secret",
            "text = open(\"%s\").read()".formatted(secret),
            "assert text == \"token\"",
            true),
        new Way(
            "read a home",
            "import os\nfound = [p for p in (\"/root\", \"/home\", \"/etc/shadow\") if os.path.exists(p)]",
            "assert found",
            true),
        new Way(
            "write outside",
            "open(\"%s\", \"w\").write(\"x\")".formatted(trace),
            "assert True",
            true),
        new Way(
            "signal another process",
            "import os\nos.kill(%d, 0)".formatted(pid),
            "assert True",
            true));
  }

  private static List<Way> outgrowing(Path trace) {
    return List.of(
        new Way(
            "outlive its end",
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    for fd in range(3):
                        os.close(fd)
                    time.sleep(1)
                    open("%s", "w").write("x")
                os._exit(0)
            """
                .formatted(trace),
            "assert True",
            false),
        new Way(
            "make a mount",
            """
            import ctypes
            c = ctypes.CDLL(None)
            made = (c.unshare(0x10020000) == 0 or c.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
                    or c.mount(None, b"/usr", None, 0x1020, None) == 0)
            """,
            "assert made",
            false),
        new Way("fork bomb", FORK_BOMB, "assert made == 2000", false));
  }

  /** To have passed, by what a run says at its end, without its tests. */
  private static List<Way> claiming() {
    return List.of(
        new Way(
            "repeat every word of its file",
            """
            import os, re, sys
            for word in re.findall("[0-9a-f-]{36}", open(sys.argv[0]).read()):
                print(word)
            sys.stdout.flush()
            os._exit(0)
            """,
            "assert False",
            false),
        new Way(
            "repeat every word of its memory",
            """
            import os, re, sys
            for fd in [0, *range(3, 64)]:
                try:
                    os.set_blocking(fd, False)
                    print(os.read(fd, 99).decode())
                except (OSError, UnicodeDecodeError):
                    pass
            frame = sys._getframe()
            while frame:
                for found in re.findall("[0-9a-f-]{36}", repr([frame.f_code.co_consts, frame.f_locals, frame.f_globals])):
                    print(found)
                frame = frame.f_back
            sys.stdout.flush()
            os._exit(0)
            """,
            "assert False",
            false));
  }

  private static List<Way> exhausting() {
    return List.of(
        new Way("endless loop", "while True: pass", "assert True", false),
        new Way("sleep past the limit", "import time\ntime.sleep(60)", "assert True", false),
        new Way("10 GB of memory", "x = bytearray(10 << 30)", "assert len(x) > 0", false),
        new Way(
            "1 GB of output",
            "for _ in range(1 << 10): print(\"x\" * (1 << 20))",
            "assert True",
            false),
        new Way(
            "1 GB of files",
            """
            for part in range(100):
                with open("/tmp/%d" % part, "wb") as f:
                    f.write(b"x" * (10 << 20))
            """,
            "assert True",
            false),
        new Way("end before the tests", "import os\nos._exit(0)", "assert False", false));
  }
}
