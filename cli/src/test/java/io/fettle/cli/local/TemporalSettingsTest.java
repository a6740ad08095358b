package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemporalSettingsTest {
  @Test
  void without_an_address_the_server_is_the_embedded_one() {
    assertThat(new TemporalSettings(Map.of("FETTLE_TEMPORAL_ADDRESS", " ")).configured()).isEmpty();
  }

  @Test
  void a_key_switches_encryption_on_and_is_never_shown() {
    var options =
        new TemporalSettings(
                Map.of(
                    "FETTLE_TEMPORAL_ADDRESS", "eu.example:7233",
                    "FETTLE_TEMPORAL_NAMESPACE", "team.a",
                    "FETTLE_TEMPORAL_API_KEY", "s3cret"))
            .configured()
            .orElseThrow();
    assertThat(options.tls()).isTrue();
    assertThat(options).hasToString("eu.example:7233, namespace team.a, API key");
  }

  @Test
  void half_of_mtls_is_refused_with_the_names_of_both() {
    var half =
        Map.of("FETTLE_TEMPORAL_ADDRESS", "a:7233", "FETTLE_TEMPORAL_TLS_CERT", "/tls/client.pem");
    assertThatThrownBy(() -> new TemporalSettings(half).configured())
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID);
              assertThat(failure).hasMessageContaining("FETTLE_TEMPORAL_TLS_KEY");
            });
  }

  @Test
  void workers_are_given_what_was_read() {
    var environment =
        Map.of(
            "FETTLE_TEMPORAL_ADDRESS", "a:7233",
            "FETTLE_TEMPORAL_NAMESPACE", "fettle",
            "FETTLE_TEMPORAL_TLS", "true",
            "FETTLE_TEMPORAL_TLS_CERT", "/c.pem",
            "FETTLE_TEMPORAL_TLS_KEY", "/k.pem",
            "FETTLE_TEMPORAL_TLS_CA", "/ca.pem",
            "FETTLE_TEMPORAL_API_KEY", "key");
    var options = new TemporalSettings(environment).configured().orElseThrow();
    assertThat(TemporalSettings.asEnvironment(options)).isEqualTo(environment);
  }

  @Test
  void server_versions_are_compared_as_numbers() {
    assertThat(TemporalBinary.isAtLeast("temporal version 1.9.1 (Server 1.32.0, UI 2)", "1.29.1"))
        .isTrue();
    assertThat(TemporalBinary.isAtLeast("0.0.0-DEV (Server 1.29.1)", "1.29.1")).isTrue();
    assertThat(TemporalBinary.isAtLeast("temporal version 1.1 (Server 1.9.10)", "1.29.1"))
        .isFalse();
    assertThat(TemporalBinary.isAtLeast("what?", "1.29.1")).isFalse();
  }
}
