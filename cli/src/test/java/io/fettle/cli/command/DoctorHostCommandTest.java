package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoctorHostCommandTest extends CommandTest {

  @Test
  void this_machine_is_looked_over_and_the_exit_code_says_whether_it_would_do() throws Exception {
    int code = fettle("doctor", "host", "--json", "--work", folder.toString());
    var report = lastLine();
    assertThat(report.path("findings").findValuesAsText("name"))
        .contains("kernel", "driver", "gpu memory", "nccl", "nvme", "write", "fabric", "store");
    boolean missing = report.path("findings").findValuesAsText("state").contains("MISSING");
    assertThat(report.path("ok").asBoolean()).isEqualTo(!missing);
    assertThat(code).isEqualTo(missing ? 7 : 0);
    assertThat(err.toString()).contains("kernel");
  }

  @Test
  void for_people_it_is_a_line_a_finding() {
    fettle("doctor", "host", "--work", folder.toString());
    assertThat(out.toString().lines()).allMatch(line -> line.matches("  \\S+ +\\S+.*"));
  }
}
