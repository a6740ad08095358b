package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.cli.local.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolChecksTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);

  @TempDir Path home;

  @Test
  void a_pool_is_told_with_the_names_of_credentials_and_never_their_values() throws IOException {
    pools(
        """
        pools:
          aws: {provider: aws, region: eu-west-1, launch_template: t, zones: [a]}
          gcp: {provider: gcp, project: p, template: t, zones: [a]}
          lab: {provider: static}
        """);

    var lines = lines(Map.of("AWS_ACCESS_KEY_ID", "AKIASECRET"), TODAY);

    assertThat(lines)
        .containsExactly(
            Prerequisite.ok(
                "pool aws",
                "aws, catalogue of 2026-11-24 (4 days old), credentials: AWS_ACCESS_KEY_ID"),
            Prerequisite.note(
                "pool gcp",
                "gcp, catalogue of 2026-11-24 (4 days old), no credentials here",
                "`gcloud auth application-default login`; on the provider's machines a role does"),
            Prerequisite.ok("pool lab", "static: machines of your own, whose agents register"));
    assertThat(lines.toString()).doesNotContain("AKIASECRET");
    assertThat(lines(Map.of(), TODAY.plusDays(100)).toString())
        .contains("(104 days old: `fettle catalogue refresh` may help)");
  }

  @Test
  void types_that_the_catalogue_does_not_know_are_named() throws IOException {
    pools(
        """
        pools:
          aws:
            {provider: aws, region: eu-west-1, launch_template: t, zones: [a],
             types: {a10g-24gb-x1: [g5.xlarge, g5.xlarg], t4-16gb-x1: [g4dn.2xlrge]}}
          k: {provider: ray, namespace: n, image: i, types: {l4-24gb-x1: [nvidia-l4]}}
        """);

    var said = lines(Map.of(), TODAY).stream().map(Prerequisite::found).toList();

    assertThat(said.getFirst())
        .contains("(4 days old) that does not know g4dn.2xlrge, g5.xlarg: look at the spelling");
    assertThat(said.getLast()).doesNotContain("nvidia-l4");
  }

  @Test
  void files_with_credentials_count_and_no_pools_are_no_lines() throws IOException {
    assertThat(lines(Map.of(), TODAY)).isEmpty();
    pools("pools: {k: {provider: ray, namespace: n, image: i}}");
    var config = home.resolve(".kube/config");
    Files.createDirectories(config.getParent());
    Files.writeString(config, "");
    assertThat(lines(Map.of(), TODAY))
        .containsExactly(
            Prerequisite.ok("pool k", "ray, types as pools.yaml says, credentials: " + config));
  }

  @Test
  void a_file_that_cannot_be_read_is_missing_with_every_problem() throws IOException {
    pools("pools: {a: {provider: azure}}");
    assertThat(lines(Map.of(), TODAY))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.state()).isEqualTo(Prerequisite.State.MISSING);
              assertThat(line.found()).contains("pools.a.provider: is azure; known: aws");
            });
  }

  private void pools(String text) throws IOException {
    Files.writeString(home.resolve("pools.yaml"), text);
  }

  private List<Prerequisite> lines(Map<String, String> environment, LocalDate today) {
    return new PoolChecks(Site.of(home, environment), environment, home, today).lines();
  }
}
