package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.training.HostOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class AgentSettingsTest {
  private static final Map<String, String> NEEDED =
      Map.of("agent.host", "local-1", "agent.shape", "cpu", "agent.state", "/state/hosts/local-1");

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(AgentSettings.class)
  static class Bound {}

  @Test
  void the_defaults_are_these() {
    with(NEEDED)
        .run(
            context ->
                assertThat(context.getBean(AgentSettings.class))
                    .isEqualTo(
                        new AgentSettings(
                            "local-1",
                            "local",
                            "cpu",
                            Path.of("/state/hosts/local-1"),
                            Duration.ofSeconds(4),
                            Duration.ofSeconds(10),
                            new AgentSettings.Silence(
                                Duration.ofMinutes(20),
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(15),
                                Duration.ofMinutes(60),
                                Duration.ofMinutes(20)),
                            Duration.ofMinutes(10),
                            AgentSettings.Signal.LOCAL,
                            null,
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(3),
                            Duration.ofHours(6),
                            0.5,
                            0,
                            Duration.ofDays(30),
                            null,
                            Duration.ofMinutes(15),
                            Duration.ofSeconds(210),
                            null,
                            false,
                            List.of(),
                            Duration.ofSeconds(5))));
  }

  @Test
  void who_gives_notice_is_named_in_small_letters_and_nobody_else() {
    var settings = new HashMap<>(NEEDED);
    settings.put("agent.signal", "kubernetes");
    with(settings)
        .run(
            context ->
                assertThat(context.getBean(AgentSettings.class).signal())
                    .isEqualTo(AgentSettings.Signal.KUBERNETES));

    settings.put("agent.signal", "azure");
    with(settings).run(context -> assertThat(context).hasFailed());
  }

  /** The names that the pools of provider ray set; the others' machines read theirs elsewhere. */
  @Test
  void a_launched_agent_finds_its_settings_in_its_environment() {
    var environment =
        new SystemEnvironmentPropertySource(
            "systemEnvironment",
            Map.of(
                "AGENT_HOST", "fettle-t-1",
                "AGENT_POOL", "kube",
                "AGENT_SHAPE", "a10g-24gb-x1",
                "AGENT_TOKEN", "t-1",
                "AGENT_LEASE", "PT15M",
                "AGENT_GRACE", "PT4M",
                "AGENT_RENEWED", "/run/fettle/own/renewed",
                "AGENT_SHARED", "true",
                "AGENT_SIGNAL", "kubernetes",
                "AGENT_NOTICE_WINDOW", "PT30S"));

    var settings =
        new Binder(ConfigurationPropertySources.from(environment))
            .bind("agent", AgentSettings.class)
            .get();

    assertThat(settings.kind()).isEqualTo(AgentSettings.Kind.LAUNCHED);
    assertThat(settings)
        .returns("fettle-t-1", AgentSettings::host)
        .returns("kube", AgentSettings::pool)
        .returns("t-1", AgentSettings::token)
        .returns(Duration.ofMinutes(15), AgentSettings::lease)
        .returns(Duration.ofMinutes(4), AgentSettings::grace)
        .returns(Path.of("/run/fettle/own/renewed"), AgentSettings::renewed)
        .returns(true, AgentSettings::shared)
        .returns(AgentSettings.Signal.KUBERNETES, AgentSettings::signal)
        .returns(Duration.ofSeconds(30), AgentSettings::noticeWindow);
  }

  @Test
  void a_claim_in_a_store_is_looked_at_less_often_than_one_in_a_file() {
    with(NEEDED)
        .run(
            context ->
                assertThat(context.getBean(AgentSettings.class).claimLook())
                    .isEqualTo(Duration.ofMillis(300)));
    for (var key : List.of("agent.pool", "agent.token")) { // one's own; launched
      var settings = new HashMap<>(NEEDED);
      settings.put(key, "lab");
      with(settings)
          .run(
              context ->
                  assertThat(context.getBean(AgentSettings.class).claimLook())
                      .isEqualTo(Duration.ofSeconds(3)));
    }
  }

  @Test
  void each_phase_has_a_silence_of_its_own() {
    var settings = new HashMap<>(NEEDED);
    settings.put("agent.silence.save", "90s");
    with(settings)
        .run(
            context -> {
              var silence = context.getBean(AgentSettings.class).silence();
              assertThat(silence.save()).isEqualTo(Duration.ofSeconds(90));
              assertThat(silence.limits().step()).isEqualTo(HostOptions.Silence.standard().step());
            });
  }

  @Test
  void a_misspelt_key_stops_the_start() {
    var settings = new HashMap<>(NEEDED);
    settings.put("agent.hartbeat", "1s");

    with(settings)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("agent.hartbeat"));
  }

  @Test
  void the_boot_id_is_the_same_in_every_process_of_a_boot() throws Exception {
    assertThat(Boot.id()).hasSize(8).isEqualTo(Boot.id());
  }

  private static ApplicationContextRunner with(Map<String, String> settings) {
    var pairs = settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
    return new ApplicationContextRunner()
        .withUserConfiguration(Bound.class)
        .withPropertyValues(pairs.toArray(String[]::new));
  }
}
