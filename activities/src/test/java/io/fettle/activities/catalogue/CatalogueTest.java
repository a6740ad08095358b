package io.fettle.activities.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  @TempDir Path folder;

  @Test
  void every_shipped_type_names_its_source_and_the_day_it_was_compared_with_it() {
    var machines = Catalogue.shipped().machines();

    assertThat(machines).hasSizeGreaterThan(80);
    assertThat(machines)
        .allSatisfy(
            machine -> {
              assertThat(machine.source()).isNotBlank();
              assertThat(machine.asOf()).isAfter(LocalDate.of(2026, 1, 1));
              if (machine.gpus() > 0) assertThat(nominal(machine)).isBetween(0.0, 3.5);
            });
    assertThat(machines)
        .filteredOn(machine -> machine.provider().equals("gcp"))
        .as("nobody compared these with Google's page")
        .allSatisfy(machine -> assertThat(machine.source()).startsWith("unchecked"));
    assertThat(machines.stream().map(Machine::provider).distinct())
        .containsExactlyInAnyOrder("aws", "gcp", "static");
  }

  /** GiB by which a GPU's name is larger than what its provider tells. */
  private static double nominal(Machine machine) {
    var word = machine.gpu().substring(machine.gpu().lastIndexOf('-') + 1).replace("gb", "");
    return Double.parseDouble(word) - machine.gpuMemoryGib();
  }

  @Test
  void a_shape_without_a_number_is_of_one_gpu() {
    assertThat(Catalogue.shape("a10g-24gb")).isEqualTo("a10g-24gb-x1");
    assertThat(Catalogue.shape("a100-80gb-x8")).isEqualTo("a100-80gb-x8");
    assertThat(Catalogue.shape("rtx-pro-6000-96gb")).isEqualTo("rtx-pro-6000-96gb-x1");
    assertThat(Catalogue.shape("cpu-4")).isEqualTo("cpu-4");
    assertThat(Catalogue.shipped().types("aws", "a100-80gb-x8")).containsExactly("p4de.24xlarge");
    assertThat(Catalogue.shipped().types("aws", "a10g-24gb"))
        .isEqualTo(Catalogue.shipped().types("aws", "a10g-24gb-x1"))
        .startsWith("g5.xlarge", "g5.2xlarge");
    assertThat(Catalogue.shipped().types("gcp", "a10g-24gb")).isEmpty();
  }

  @Test
  void shapes_belong_to_providers_and_a_shape_alone_tells_what_it_computes() {
    var catalogue = Catalogue.shipped();

    assertThat(catalogue.shapes("gcp")).contains("l4-24gb-x1", "h100-80gb-x8", "a100-40gb-x16");
    assertThat(catalogue.shapes("static")).containsExactly("h100-80gb-x8", "h200-141gb-x8");
    assertThat(catalogue.shapes()).containsAll(catalogue.shapes("aws"));
    var l4 = catalogue.like("l4-24gb").orElseThrow();
    assertThat(l4.computeCapability()).isEqualTo(8.9);
    assertThat(l4.gpuMemoryGib()).isEqualTo(22.4);
    assertThat(catalogue.peak(l4.gpu()).orElseThrow().bf16()).isEqualTo(121);
    assertThat(catalogue.peak("t4-16gb").orElseThrow().bf16()).as("it computes none").isZero();
    assertThat(catalogue.peak("rtx-pro-4500-32gb")).as("nobody said").isEmpty();
    assertThat(catalogue.like("b500-999gb")).isEmpty();
  }

  @Test
  void a_file_that_is_not_there_changes_nothing() throws IOException {
    assertThat(Catalogue.with(folder.resolve("machines.csv"))).isSameAs(Catalogue.shipped());
  }

  @Test
  void an_operator_changes_prices_of_known_types_and_adds_types() throws IOException {
    var catalogue =
        read(
            """
            provider,type,gpu,gpus,gpu_memory_gib,compute_capability,vcpus,memory_gib,nvme_gb,network_gbps,spot_dollars,as_of
            aws,g5.2xlarge,,,,,,,,,0.31,2026-11-20
            static,lab,a100-80gb,2,80,8.0,64,512,4000,25,,2026-11-20
            """);

    var cheap = catalogue.machine("aws", "g5.2xlarge").orElseThrow();
    assertThat(cheap.spotDollars()).isEqualTo(0.31);
    assertThat(cheap.vcpus()).as("as it was").isEqualTo(8);
    assertThat(cheap.source()).endsWith("machines.csv");
    assertThat(catalogue.types("aws", "a10g-24gb-x1"))
        .as("the cheapest first")
        .startsWith("g5.2xlarge", "g5.xlarge");
    assertThat(catalogue.types("static", "a100-80gb-x2")).containsExactly("lab");
    assertThat(catalogue.dollars("aws", "g5.2xlarge", Market.SPOT)).contains(0.31);
    assertThat(catalogue.dollars("aws", "g5.2xlarge", Market.ON_DEMAND)).as("not known").isEmpty();
    assertThat(catalogue.dollars("static", "lab", Market.RESERVED)).contains(0.0);
    assertThat(catalogue.machines()).hasSize(Catalogue.shipped().machines().size() + 1);
    assertThat(catalogue.oldest("aws")).contains(LocalDate.of(2026, 11, 20));
  }

  @Test
  void every_problem_of_a_file_is_told_at_once_with_its_place() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    provider,type,gpu,gpus,nvlink,spot_dollars,as_of,colour
                    azure,nd,h100,99,maybe,-1,soon,red
                    aws,g5.xlarge,,,,0.3,,blue
                    aws,g5.xlarge,,,,,,
                    """))
        .isInstanceOf(Catalogue.Unreadable.class)
        .hasMessageContainingAll(
            "machines.csv:",
            "colour: is no column; known: provider, type, gpu,",
            "line 2, provider: is azure; aws, gcp, ray or static",
            "line 2, gpus: is 99; a number from 0 to 16",
            "line 2, vcpus: is missing; a new type needs it",
            "line 2, nvlink: is maybe; true or false",
            "line 2, spot_dollars: is -1; a number from 0 to 10000",
            "line 2, as_of: is soon; a date, as 2026-11-24",
            "line 3, as_of: is missing; say when this was so, as 2026-11-24",
            "line 4: aws g5.xlarge stands here twice; keep one");
  }

  @Test
  void a_torn_file_is_told_and_not_taken_in_part() {
    var whole = MachineRows.write(Catalogue.shipped().machines());
    var torn = whole.substring(0, whole.indexOf("p5.48xlarge") + 20);

    assertThatThrownBy(() -> read(torn)).isInstanceOf(Catalogue.Unreadable.class);
  }

  @Test
  void what_is_written_is_read_as_it_was_whatever_the_types_are() throws IOException {
    var random = new Random(20261128);
    for (int round = 0; round < 200; round++) {
      var machines = new ArrayList<Machine>();
      for (int i = random.nextInt(12); i >= 0; i--) machines.add(anything(random, i));
      assertThat(MachineRows.read("a file", MachineRows.write(machines), List.of()))
          .isEqualTo(machines);
    }
  }

  @Test
  void no_text_does_worse_than_to_be_told_what_is_wrong_with_it() throws IOException {
    var random = new Random(4);
    var whole = MachineRows.write(Catalogue.shipped().machines().subList(0, 5));
    int refused = 0;
    for (int round = 0; round < 2_000; round++) {
      var text = new StringBuilder(whole);
      for (int i = random.nextInt(4); i >= 0; i--) {
        text.setCharAt(random.nextInt(text.length()), (char) (32 + random.nextInt(95)));
      }
      try {
        read(text.toString());
      } catch (Catalogue.Unreadable told) {
        refused++;
        assertThat(told.getMessage()).contains("machines.csv:\n  ");
      }
    }
    assertThat(refused).isBetween(200, 1_999);
  }

  private static Machine anything(Random random, int number) {
    boolean gpu = random.nextBoolean();
    return new Machine(
        List.of("aws", "gcp", "ray", "static").get(random.nextInt(4)),
        "type-" + number,
        gpu ? "any-" + (1 + random.nextInt(300)) + "gb" : "",
        gpu ? 1 + random.nextInt(16) : 0,
        gpu ? 1 + random.nextInt(9_999) / 7.0 : 0,
        gpu ? 1 + random.nextInt(90) / 10.0 : 0,
        random.nextInt(500),
        1 + random.nextInt(10_000) / 3.0,
        random.nextInt(50_000),
        random.nextInt(4_000) / 2.0,
        random.nextBoolean(),
        random.nextBoolean() ? Machine.UNKNOWN : random.nextInt(100_000) / 1e4,
        random.nextBoolean() ? Machine.UNKNOWN : random.nextInt(100_000) / 1e3,
        LocalDate.of(2026, 1, 1).plusDays(random.nextInt(365)),
        "somebody, \"who said so\"");
  }

  private Catalogue read(String text) throws IOException {
    return Catalogue.with(Files.writeString(folder.resolve("machines.csv"), text));
  }
}
