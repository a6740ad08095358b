package io.fettle.activities.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.QuantizeSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("fettle.root", "..")).resolve("examples");

  @TempDir Path folder;

  @Test
  void the_demo_s_spec_is_what_the_demo_promises() {
    var spec = accepted("support-triage");
    assertThat(spec.train().numEpochs()).isEqualTo(2.0);
    assertThat(spec.train().globalBatchSize()).isEqualTo(8);
    assertThat(spec.method().lora().r()).isEqualTo(8);
    assertThat(spec.train().gradientCheckpointing()).isFalse();
    assertThat(spec.train().evalEverySteps()).isEqualTo(10);
    assertThat(spec.checkpoint().everySteps()).isEqualTo(10);
    assertThat(spec.evaluate().metric()).isEqualTo(EvaluateSpec.Metric.JSON_EXACT);
    assertThat(spec.evaluate().gate().superiorityMargin()).isEqualTo(0.1);
    assertThat(spec.quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.W8A8);
    assertThat(spec.deploy().endpoint()).isEqualTo("support-triage");
    assertThat(spec.data().minTokens()).isEqualTo(1);
  }

  @Test
  void banking77_takes_its_rows_from_where_they_are() throws IOException {
    var train = Files.writeString(folder.resolve("train.csv"), "text,category\n");
    var test = Files.writeString(folder.resolve("test.csv"), "text,category\n");
    var spec = accepted("banking77", "data.train=" + train, "data.test=" + test);
    assertThat(spec.evaluate().metric()).isEqualTo(EvaluateSpec.Metric.MACRO_F1);
    assertThat(spec.data().train()).containsExactly(train.toString());
    assertThat(spec.data().mapping().prompt()).isEqualTo("text");
  }

  @Test
  void the_tiny_spec_needs_no_engine_but_the_light_one() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    var spec = accepted("tiny", "model.path=" + folder);
    assertThat(spec.deploy().engine()).isEqualTo(DeploySpec.Engine.TRANSFORMERS);
    assertThat(spec.quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.NONE);
    assertThat(spec.model().path()).isEqualTo(folder.toString());
  }

  private static Spec accepted(String example, String... overrides) {
    var file = EXAMPLES.resolve(example).resolve("fettle.yaml");
    var reading = new SpecReader(SpecPolicy.current()).read(file, List.of(overrides));
    assertThat(reading.describe()).isEmpty();
    return reading.accepted().orElseThrow().spec();
  }
}
