package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.activities.programs.Environments;
import io.fettle.data.dvc.DvcExport;
import io.fettle.data.dvc.DvcPointer;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is written for DVC, in the hands of DVC. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DvcRealTest {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  private static final Path HOME = Path.of(System.getProperty("fettle.home"));

  @TempDir Path folder;
  private String python = "";

  @BeforeAll
  void theProgram() throws Exception {
    python = new Environments(Environments.Options.of(ROOT, HOME)).python("dvc").toString();
  }

  @Test
  void a_fresh_clone_pulls_the_bytes_that_were_exported() throws Exception {
    Path dataset = dataset();
    Path remote = folder.resolve("remote");
    Path project = project();
    dvc(project, "remote", "add", "--default", "shared", remote.toString());
    DvcExport.write(dataset, project.resolve("dataset.dvc"), remote);
    commit(project);
    Path clone = folder.resolve("clone");
    run(folder, "git", "clone", "--quiet", project.toString(), clone.toString());

    dvc(clone, "pull");

    assertThat(contents(clone.resolve("dataset"))).isEqualTo(contents(dataset)).hasSize(6);
    assertThat(dvc(clone, "status")).contains("up to date");
    assertThat(DvcPointer.read(clone.resolve("dataset.dvc")).verified()).hasSize(6);
    List<String> prompts = new ArrayList<>();
    DatasetReader.open(clone.resolve("dataset")).read("train", row -> prompts.add(row.prompt()));
    assertThat(prompts).hasSize(20).startsWith("ask caf\u00e9 0");
  }

  @Test
  void dvc_writes_the_same_pointer_and_list() throws Exception {
    Path dataset = dataset();
    Path project = project();
    DvcExport.write(dataset, folder.resolve("data.dvc"), folder.resolve("cache"));
    Files.move(dataset, project.resolve("data"));

    dvc(project, "add", "data");

    assertThat(project.resolve("data.dvc")).hasSameTextualContentAs(folder.resolve("data.dvc"));
    assertThat(contents(folder.resolve("cache")))
        .isEqualTo(contents(project.resolve(".dvc/cache")));
  }

  @Test
  void a_checkout_takes_what_was_exported_into_its_own_cache() throws Exception {
    Path dataset = dataset();
    Path project = project();
    DvcExport.write(dataset, project.resolve("dataset.dvc"), project.resolve(".dvc/cache"));

    dvc(project, "checkout");

    assertThat(contents(project.resolve("dataset"))).isEqualTo(contents(dataset));
  }

  private Path dataset() throws IOException {
    Path dataset = folder.resolve("made");
    var origin =
        new Origin(List.of(), List.of(), new JsonMapper().createObjectNode(), "test", "", "", "");
    try (var writer = DatasetWriter.open(dataset, List.of("train", "dev"), 700)) {
      for (int line = 0; line < 20; line++) {
        writer.add("train", row(line));
      }
      writer.add("dev", row(20));
      writer.finish(origin);
    }
    return dataset;
  }

  private static Row row(int line) {
    var user = new Message(Role.USER, "ask caf\u00e9 " + line);
    return new Row("rows", line, List.of(user, new Message(Role.ASSISTANT, "say\r\n")), "");
  }

  /** As {@code dvc init} makes it, the one command that wants the back end which is left out. */
  private Path project() throws Exception {
    Path project = Files.createDirectories(folder.resolve("project"));
    run(project, "git", "init", "--quiet", ".");
    Files.createDirectories(project.resolve(".dvc"));
    Files.writeString(project.resolve(".dvc/config"), "");
    Files.writeString(project.resolve(".dvc/.gitignore"), "/config.local\n/tmp\n/cache\n");
    return project;
  }

  private void commit(Path project) throws Exception {
    run(project, "git", "add", "--all");
    var who = List.of("git", "-c", "user.name=Test", "-c", "user.email=test@example.org");
    List<String> command = new ArrayList<>(who);
    command.addAll(List.of("commit", "--quiet", "--message", "Add the dataset"));
    run(project, command.toArray(String[]::new));
  }

  private String dvc(Path project, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(python, "-m", "dvc"));
    command.addAll(Arrays.asList(arguments));
    return run(project, command.toArray(String[]::new));
  }

  /** Nothing of the user's own settings gets in, and nothing is reported to anybody. */
  private String run(Path where, String... command) throws Exception {
    Path log = Files.createTempFile(folder, "log", "");
    var builder = new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    builder.environment().put("DVC_NO_ANALYTICS", "1");
    for (String kind : List.of("GLOBAL_CONFIG", "SYSTEM_CONFIG", "SITE_CACHE")) {
      builder.environment().put("DVC_" + kind + "_DIR", folder.resolve(kind).toString());
    }
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertThat(ended && process.exitValue() == 0).as("%s: %s", List.of(command), said).isTrue();
    return said;
  }

  /** Every file's text by its path. */
  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (var all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
