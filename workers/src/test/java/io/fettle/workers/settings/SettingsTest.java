package io.fettle.workers.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SettingsTest {
  @Test
  void defaults_are_a_contract() {
    assertThat(bound(Map.of()))
        .isEqualTo(
            new FettleSettings(
                Path.of("/opt/fettle"),
                Path.of("/var/lib/fettle"),
                null,
                null,
                null,
                null,
                null,
                new FettleSettings.Transfer(8, 8 << 20, 0),
                new FettleSettings.Temporal(
                    "127.0.0.1:7233", "fettle", false, null, null, null, null)));
  }

  @Test
  void keys_are_a_contract() {
    assertThat(
            bound(
                Map.ofEntries(
                    Map.entry("fettle.root", "/src"),
                    Map.entry("fettle.home", "/home"),
                    Map.entry("fettle.store", "s3://bucket/x"),
                    Map.entry("fettle.store-endpoint", "http://127.0.0.1:7070"),
                    Map.entry("fettle.transfer.streams", "3"),
                    Map.entry("fettle.transfer.part-bytes", "5242880"),
                    Map.entry("fettle.transfer.bytes-per-second", "1000"),
                    Map.entry("fettle.pools", "/pools.yaml"),
                    Map.entry("fettle.ready-file", "/ready"),
                    Map.entry("fettle.torch-index", "https://example.org/cpu"),
                    Map.entry("fettle.temporal.address", "a:1"),
                    Map.entry("fettle.temporal.namespace", "n"),
                    Map.entry("fettle.temporal.tls", "true"),
                    Map.entry("fettle.temporal.tls-cert", "/c"),
                    Map.entry("fettle.temporal.tls-key", "/k"),
                    Map.entry("fettle.temporal.tls-ca", "/a"),
                    Map.entry("fettle.temporal.api-key", "s3cret"))))
        .isEqualTo(
            new FettleSettings(
                Path.of("/src"),
                Path.of("/home"),
                URI.create("s3://bucket/x"),
                URI.create("http://127.0.0.1:7070"),
                Path.of("/pools.yaml"),
                Path.of("/ready"),
                URI.create("https://example.org/cpu"),
                new FettleSettings.Transfer(3, 5 << 20, 1000),
                new FettleSettings.Temporal(
                    "a:1", "n", true, Path.of("/c"), Path.of("/k"), Path.of("/a"), "s3cret")));
  }

  @Test
  void the_environment_names_that_the_command_line_documents_are_read() {
    var environment =
        new SystemEnvironmentPropertySource(
            "systemEnvironment",
            Map.of(
                "FETTLE_TEMPORAL_ADDRESS", "a:1",
                "FETTLE_TEMPORAL_TLS_CERT", "/c",
                "FETTLE_TEMPORAL_TLS_KEY", "/k",
                "FETTLE_TEMPORAL_TLS_CA", "/a",
                "FETTLE_TEMPORAL_API_KEY", "s3cret",
                "FETTLE_STORE", "s3://bucket/x",
                "FETTLE_STORE_ENDPOINT", "http://127.0.0.1:7070",
                "FETTLE_TRANSFER_PART_BYTES", "5242880",
                "FETTLE_READY_FILE", "/ready",
                "FETTLE_TORCH_INDEX", "https://example.org/cpu"));
    var settings =
        new Binder(ConfigurationPropertySources.from(environment))
            .bind("fettle", FettleSettings.class)
            .get();
    assertThat(settings.temporal().options().address()).isEqualTo("a:1");
    assertThat(settings.temporal().tlsCert()).isEqualTo(Path.of("/c"));
    assertThat(settings.temporal().tlsCa()).isEqualTo(Path.of("/a"));
    assertThat(settings.storeRoot()).isEqualTo(URI.create("s3://bucket/x"));
    assertThat(settings.storeAccess().endpoint("s3")).contains(URI.create("http://127.0.0.1:7070"));
    assertThat(settings.storeAccess().transfer().partBytes()).isEqualTo(5 << 20);
    assertThat(settings.temporal().apiKey()).isEqualTo("s3cret");
    assertThat(settings.readyFile()).isEqualTo(Path.of("/ready"));
    assertThat(settings.environments().torchIndex())
        .contains(URI.create("https://example.org/cpu"));
  }

  @Test
  void the_key_is_never_shown() {
    assertThat(bound(Map.of("fettle.temporal.api-key", "s3cret")).toString())
        .doesNotContain("s3cret");
  }

  @Test
  void the_default_store_lies_in_the_home() {
    assertThat(bound(Map.of("fettle.home", "/h")).storeRoot())
        .isEqualTo(URI.create("file:///h/state/store"));
  }

  private static FettleSettings bound(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("fettle", FettleSettings.class);
  }
}
