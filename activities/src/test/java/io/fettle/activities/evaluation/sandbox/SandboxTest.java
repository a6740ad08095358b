package io.fettle.activities.evaluation.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.evaluation.sandbox.Sandbox.End;
import io.fettle.activities.evaluation.sandbox.Sandbox.Ended;
import io.fettle.activities.evaluation.sandbox.Sandbox.Job;
import io.fettle.activities.evaluation.sandbox.Sandbox.Limits;
import io.fettle.activities.evaluation.sandbox.Sandbox.Unusable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs real programs that try to get out. A machine that cannot make a sandbox skips them. */
class SandboxTest {
  private static final Limits LIMITS = new Limits(Duration.ofSeconds(5), 128, 16, 8, 64);

  @TempDir private Path folder;

  @BeforeEach
  void where_a_sandbox_can_be_made() throws IOException, InterruptedException {
    try {
      Sandbox.in(folder).check(new Job(List.of("python3"), Map.of(), "", List.of()), LIMITS);
    } catch (Unusable here) {
      assumeTrue(false, here.getMessage());
    }
  }

  @AfterEach
  void nothing_is_left_of_it() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("sandbox-")))
          .isEmpty();
    }
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  @Test
  void a_program_runs_in_a_folder_of_its_own_with_its_files_and_input() throws Exception {
    Ended ended =
        Sandbox.in(folder)
            .run(
                new Job(
                    List.of("python3", "-I", "main.py"),
                    Map.of(
                        "main.py",
                        """
                        import os, sys
                        open("own", "w").write("x")
                        print(os.getcwd(), sorted(os.listdir(".")), input(), sorted(os.environ))
                        print("why", file=sys.stderr)
                        sys.exit(3)
                        """,
                        "data",
                        "1"),
                    "hello\n",
                    List.of()),
                LIMITS);

    assertThat(ended.end()).isEqualTo(End.RETURNED);
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output())
        .startsWith("/work ['data', 'main.py', 'own'] hello ['HOME', 'LANG', 'PATH'");
    assertThat(ended.errors()).isEqualTo("why\n");
  }

  @Test
  void it_reaches_no_network_not_even_this_machine() throws Exception {
    try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ended ended =
          python(
              """
              import socket
              for address in [("127.0.0.1", %d), ("1.1.1.1", 53)]:
                  try:
                      socket.create_connection(address, 2)
                      print("reached", address)
                  except OSError as e:
                      print("no", e.errno)
              """
                  .formatted(here.getLocalPort()));

      assertThat(ended.output()).isEqualTo("no 101\nno 101\n");
    }
  }

  @Test
  void it_reads_no_home_no_secret_and_no_other_process_and_writes_nothing_outside()
      throws Exception {
    Files.writeString(folder.resolve("secret"), "token");
    Ended ended =
        python(
            """
            import os
            for path in ["/root", "/home", "/etc/shadow", "%1$s/secret", "/proc/1/environ", "/proc/%2$d/environ"]:
                try:
                    print("read", path, os.listdir(path) if os.path.isdir(path) else open(path).read())
                except OSError:
                    pass
            for path in ["/escaped", "/usr/escaped", "/dev/escaped", "%1$s/escaped", "/proc/sys/kernel/hostname"]:
                try:
                    open(path, "w").write("x")
                    print("wrote", path)
                except OSError:
                    pass
            try:
                os.kill(%2$d, 0)
                print("signalled")
            except OSError:
                pass
            """
                .formatted(folder, ProcessHandle.current().pid()));

    assertThat(ended.output()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(folder.resolve("escaped")).doesNotExist();
  }

  @Test
  void it_has_no_rights_and_gets_none() throws Exception {
    Ended ended =
        python(
            """
            import ctypes, re
            c = ctypes.CDLL(None)
            print(re.findall("(?:CapEff|CapBnd|NoNewPrivs):.(.*)", open("/proc/self/status").read()))
            print(c.unshare(0x10000000) and c.unshare(0x20000), c.mount(b"none", b"/tmp", b"tmpfs", 0, None),
                  c.mount(None, b"/usr", None, 0x1020, None), c.chroot(b"/tmp"))
            """);

    assertThat(ended.output())
        .isEqualTo("['0000000000000000', '0000000000000000', '1']\n-1 -1 -1 -1\n");
  }

  @Test
  void endless_loops_and_fork_bombs_end_in_time() throws Exception {
    long started = System.nanoTime();
    Limits second = new Limits(Duration.ofSeconds(1), 128, 16, 8, 64);

    assertThat(python("while True: pass", second).end()).isEqualTo(End.TIME);
    assertThat(python("import time; time.sleep(60)", second).end()).isEqualTo(End.TIME);
    Ended bomb =
        python(
            """
            import os
            most = 0
            while True:
                try:
                    if os.fork() == 0:
                        most += 1
                        open("/tmp/%d-%d" % (os.getpid(), most), "w")
                except OSError:
                    pass
            """,
            second);
    assertThat(bomb.end()).isEqualTo(End.TIME);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void it_has_no_more_processes_than_its_limit() throws Exception {
    Ended ended =
        python(
            """
            import os, time
            made = 0
            try:
                while made < 100:
                    if os.fork() == 0:
                        time.sleep(30)
                        os._exit(0)
                    made += 1
            except OSError:
                pass
            print(made)
            """);

    assertThat(Integer.parseInt(ended.output().strip())).isBetween(8, 16);
    assertThat(ended.end()).isEqualTo(End.LEFTOVERS);
  }

  @Test
  void memory_and_files_are_bounded() throws Exception {
    Ended big = python("x = bytearray(10 << 30); print(len(x))");
    assertThat(big.ok()).isFalse();
    assertThat(big.output()).isEmpty();
    Ended many =
        python(
            """
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    x = bytearray(100 << 20)
                    time.sleep(1)
                    os._exit(0)
            time.sleep(1)
            """);
    assertThat(many.ok()).isFalse();
    Ended file =
        python(
            """
            for folder in ["/work", "/tmp", "/dev/shm"]:
                for name in "abc":
                    try:
                        f = open(folder + "/" + name, "wb")
                        for _ in range(100):
                            f.write(b"x" * (1 << 20))
                            f.flush()
                        print("all of it")
                    except OSError:
                        pass
            """);
    assertThat(file.output()).isEmpty();
  }

  @Test
  void a_program_that_says_too_much_is_stopped_and_what_it_said_is_cut() throws Exception {
    Ended ended = python("while True: print('x' * (1 << 20))");

    assertThat(ended.end()).isEqualTo(End.OUTPUT);
    assertThat(ended.output()).hasSize(64 << 10);
    assertThat(
            python("import sys\nfor _ in range(1 << 10): sys.stderr.write('x' * (1 << 20))").end())
        .isEqualTo(End.OUTPUT);
  }

  @Test
  void a_daemon_that_wants_to_outlive_its_program_does_not() throws Exception {
    Ended ended =
        python(
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    for fd in range(3):
                        os.close(fd)
                    time.sleep(600)
                os._exit(0)
            print("done")
            """);

    assertThat(ended.end()).isEqualTo(End.LEFTOVERS);
    assertThat(ended.output()).isEqualTo("done\n");
  }

  @Test
  void a_user_without_rights_can_make_one_too() throws Exception {
    assumeTrue(Files.isReadable(Path.of("/etc/shadow")), "only root can become another user");
    Path open = Files.createTempDirectory(Path.of("/tmp"), "fettle-sandbox-test-");
    try {
      Sandbox other =
          Sandbox.as(
              open,
              "sh",
              "-c",
              "chmod -R a+rwX \"$2\"; exec setpriv --reuid=12345 --regid=12345 --clear-groups \"$0\" \"$@\"");
      Files.setPosixFilePermissions(
          open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
      Ended ended =
          other.run(
              new Job(
                  List.of("python3", "-I", "main.py"),
                  Map.of("main.py", "import os; print(os.getuid(), os.path.exists('/root'))"),
                  "",
                  List.of()),
              LIMITS);
      assertThat(ended.output()).isEqualTo("0 False\n");
      assertThat(ended.ok()).isTrue();
    } finally {
      Files.delete(open);
    }
  }

  @Test
  void what_cannot_be_shown_or_found_is_no_failure_of_the_program() {
    Job lacking = new Job(List.of("true"), Map.of(), "", List.of("/no/such/folder"));
    assertThatThrownBy(() -> Sandbox.in(folder).run(lacking, LIMITS))
        .isInstanceOf(Unusable.class)
        .hasMessageContaining("/no/such/folder")
        .hasMessageContaining("Nothing was run");
    Job unknown = new Job(List.of("no-such-program"), Map.of(), "", List.of());
    assertThatThrownBy(() -> Sandbox.in(folder).check(unknown, LIMITS))
        .isInstanceOf(Unusable.class)
        .hasMessageContaining("read_only");
  }

  @Test
  void a_path_that_is_shown_can_be_read_and_not_written() throws Exception {
    Path shown = Files.createDirectory(folder.resolve("shown"));
    Files.writeString(shown.resolve("a"), "text");
    Ended ended =
        Sandbox.in(folder)
            .run(
                new Job(
                    List.of("sh", "-c", "cat " + shown + "/a; echo x > " + shown + "/b"),
                    Map.of(),
                    "",
                    List.of(shown.toString())),
                LIMITS);

    assertThat(ended.output()).isEqualTo("text");
    assertThat(ended.errors()).contains("Read-only file system");
    assertThat(shown.resolve("b")).doesNotExist();
  }

  private Ended python(String program) throws IOException, InterruptedException {
    return python(program, LIMITS);
  }

  private Ended python(String program, Limits limits) throws IOException, InterruptedException {
    return Sandbox.in(folder)
        .run(
            new Job(List.of("python3", "-I", "main.py"), Map.of("main.py", program), "", List.of()),
            limits);
  }
}
