package io.fettle.workers.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.Configuration;

class ControlSettingsTest {
  @Test
  void keys_and_defaults_are_a_contract() {
    assertThat(bound(Map.of()))
        .isEqualTo(
            new ControlSettings(
                4, 2, 2, 200, true, Duration.ofSeconds(20), null, null, Duration.ofSeconds(8)));
    assertThat(
            bound(
                Map.of(
                    "control.pollers", "2",
                    "control.cpu-slots", "8",
                    "control.local-hosts", "3",
                    "control.workflow-cache", "50",
                    "control.replay", "false",
                    "control.sweep", "5s",
                    "control.deployment", "fettle",
                    "control.build", "0.2.1",
                    "control.drain", "1m")))
        .isEqualTo(
            new ControlSettings(
                2,
                8,
                3,
                50,
                false,
                Duration.ofSeconds(5),
                "fettle",
                "0.2.1",
                Duration.ofMinutes(1)));
  }

  @Test
  void a_deployment_without_a_build_is_refused() {
    assertThatThrownBy(() -> bound(Map.of("control.deployment", "fettle")))
        .rootCause()
        .hasMessageContaining("control.build")
        .hasMessageContaining("set both, or neither");
  }

  @Test
  void a_misspelt_key_stops_the_start() {
    var application =
        new SpringApplicationBuilder(OnlySettings.class)
            .web(WebApplicationType.NONE)
            .properties("logging.level.root=off");
    assertThatThrownBy(() -> application.run("--control.cpu-slot=3"))
        .hasStackTraceContaining("control.cpu-slot");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(ControlSettings.class)
  static class OnlySettings {}

  private static ControlSettings bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("control", ControlSettings.class);
  }
}
