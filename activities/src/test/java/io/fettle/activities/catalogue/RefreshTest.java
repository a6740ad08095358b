package io.fettle.activities.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.catalogue.Refresh.Described;
import io.fettle.activities.catalogue.Refresh.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefreshTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 28);

  /** The columns of EC2's list that count, between others, in its order. */
  private static final String AWS =
      """
      "FormatVersion","v1.0"
      "Disclaimer","This pricing list is for informational purposes only."
      "Publication Date","2026-11-20T21:03:19Z"
      "Version","20261120210319"
      "OfferCode","AmazonEC2"
      "SKU","OfferTermCode","RateCode","TermType","PriceDescription","EffectiveDate","StartingRange","EndingRange","Unit","PricePerUnit","Currency","Instance Type","Tenancy","Operating System","CapacityStatus","Pre Installed S/W","Region Code"
      "A","J","A.J.6","OnDemand","$1.12 per","2026-11-01","0","Inf","Hrs","1.1230000000","USD","g5.xlarge","Shared","Linux","Used","NA","eu-west-1"
      "B","J","B.J.6","OnDemand","$0.00 per","2026-11-01","0","Inf","Hrs","0.0000000000","USD","g5.xlarge","Shared","Linux","AllocatedCapacityReservation","NA","eu-west-1"
      "C","J","C.J.6","OnDemand","$1.31 per","2026-11-01","0","Inf","Hrs","1.3110000000","USD","g5.xlarge","Shared","Windows","Used","NA","eu-west-1"
      "D","J","D.J.6","Reserved","$0.70 per","2026-11-01","0","Inf","Hrs","0.7000000000","USD","g5.xlarge","Shared","Linux","Used","NA","eu-west-1"
      "E","J","E.J.6","OnDemand","$9.99 per","2026-11-01","0","Inf","Hrs","9.9900000000","USD","x1.unheard","Shared","Linux","Used","NA","eu-west-1"
      """;

  private static final String ZONES =
      """
      InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice
      g6.xlarge,4.0,16.0,L4,1.0,"{'Gpus': [{'Name': 'L4'}]}",eu-west-1,eu-west-1a,0.9,0.31
      g6.xlarge,4.0,16.0,L4,1.0,"{'Gpus': [{'Name': 'L4'}]}",eu-west-1,eu-west-1b,0.9,0.42
      g6.xlarge,4.0,16.0,L4,1.0,"{'Gpus': [{'Name': 'L4'}]}",us-east-1,us-east-1a,0.8,
      """;

  @Test
  void on_demand_prices_of_one_region_come_from_the_providers_list_with_its_date()
      throws IOException {
    var outcome = refresh(Catalogue.shipped(), AWS, "aws", "eu-west-1");

    assertThat(outcome.changed()).extracting(Machine::type).containsExactly("g5.xlarge");
    var machine = outcome.changed().getFirst();
    assertThat(machine.onDemandDollars()).isEqualTo(1.123);
    assertThat(machine.spotDollars()).as("not in such a list").isEqualTo(Machine.UNKNOWN);
    assertThat(machine.asOf()).isEqualTo(LocalDate.of(2026, 11, 20));
    assertThat(machine.source()).isEqualTo("the list, eu-west-1");
  }

  @Test
  void of_several_zones_the_dearest_counts() throws IOException {
    var outcome = refresh(Catalogue.shipped(), ZONES, "aws", "eu-west-1");

    var machine = outcome.changed().getFirst();
    assertThat(machine.type()).isEqualTo("g6.xlarge");
    assertThat(machine.spotDollars()).isEqualTo(0.42);
    assertThat(machine.onDemandDollars()).isEqualTo(0.9);
    assertThat(machine.asOf()).as("it has no date of its own").isEqualTo(TODAY);
  }

  @Test
  void a_second_list_keeps_what_the_first_one_said_and_the_operator_added() throws IOException {
    var added =
        Catalogue.shipped()
            .changedBy(
                "a file",
                """
                provider,type,gpu,gpus,gpu_memory_gib,compute_capability,vcpus,memory_gib,nvme_gb,network_gbps,as_of
                static,lab,a100-80gb,2,80,8.0,64,512,4000,25,2026-11-20
                """);
    var first = refresh(added, AWS, "aws", "eu-west-1");
    var once = Catalogue.shipped().changedBy("a file", first.file());
    var second = refresh(once, ZONES, "aws", "eu-west-1");
    var twice = Catalogue.shipped().changedBy("a file", second.file());

    assertThat(twice.machine("aws", "g5.xlarge").orElseThrow().onDemandDollars()).isEqualTo(1.123);
    assertThat(twice.machine("aws", "g6.xlarge").orElseThrow().spotDollars()).isEqualTo(0.42);
    assertThat(twice.machine("static", "lab")).isPresent();
    assertThat(second.file().lines()).as("a header, and what differs").hasSize(4);
  }

  @Test
  void a_list_without_such_a_price_changes_nothing_and_says_so() {
    assertThatThrownBy(() -> refresh(Catalogue.shipped(), AWS, "aws", "mars-1"))
        .hasMessage(
            "the list: 5 rows, and no price of a type of aws in mars-1; nothing was changed");
    assertThatThrownBy(() -> refresh(Catalogue.shipped(), AWS, "gcp", "eu-west-1"))
        .hasMessageContaining("no price of a type of gcp");
    assertThatThrownBy(() -> refresh(Catalogue.shipped(), "<html>\n", "aws", "eu-west-1"))
        .hasMessageContaining("has no header of a price list");
  }

  @Test
  void a_list_that_prices_a_machine_without_its_gpu_is_not_taken_for_the_whole_price() {
    var list = ZONES.replace("g6.xlarge,4.0,16.0,L4,1.0", "a2-highgpu-1g,12.0,85.0,,");
    assertThatThrownBy(() -> refresh(Catalogue.shipped(), list, "gcp", "eu-west-1"))
        .hasMessageContaining("machines of gcp and their GPUs are priced apart");
  }

  @Test
  void types_that_a_provider_describes_are_rows_with_its_name_and_day() throws IOException {
    var priced = refresh(Catalogue.shipped(), AWS, "aws", "eu-west-1");
    var known = Catalogue.shipped().changedBy("machines.csv", priced.file());

    var outcome =
        described(
            known,
            new Described("g5.xlarge", "A10G", 1, 22.4, 4, 16, 300, 12, 0.5),
            new Described("g5.96xlarge", "A10G", 16, 22.4, 384, 1536, 15200, 400, -1),
            new Described("g9.xlarge", "B9", 1, 400, 8, 64, 0, 100, 3),
            new Described("g6f.large", "L4", 0, 2.8, 2, 8, 100, 10, 0.1));

    var now = Catalogue.shipped().changedBy("machines.csv", outcome.file());
    var old = now.machine("aws", "g5.xlarge").orElseThrow();
    assertThat(old.nvmeGb()).isEqualTo(300);
    assertThat(old.spotDollars()).isEqualTo(0.5);
    assertThat(old.onDemandDollars()).as("nobody said anything new").isEqualTo(1.123);
    assertThat(old.asOf()).isEqualTo(TODAY);
    assertThat(old.source())
        .isEqualTo("EC2, eu-west-1; on demand of 2026-11-20: the list, eu-west-1");
    var young = now.machine("aws", "g5.96xlarge").orElseThrow();
    assertThat(young.shape()).as("its GPU is that of a known type").isEqualTo("a10g-24gb-x16");
    assertThat(young.computeCapability()).isEqualTo(8.6);
    assertThat(young.spotDollars()).isEqualTo(Machine.UNKNOWN);
    assertThat(outcome.skipped())
        .containsExactly(
            "g9.xlarge: no type with a GPU B9 is known; write its row into machines.csv yourself",
            "g6f.large: has a share of a GPU; write its row into machines.csv yourself");

    var again = described(now, new Described("g5.xlarge", "A10G", 1, 22.4, 4, 16, 300, 12, 0.6));
    assertThat(again.changed().getFirst().source()).isEqualTo(old.source());
  }

  @Test
  void types_of_which_none_can_be_taken_in_change_nothing() {
    var strange = new Described("g9.xlarge", "B9", 1, 400, 8, 64, 0, 100, 3);
    assertThatThrownBy(() -> described(Catalogue.shipped(), strange))
        .hasMessageContaining("EC2 described 1 types with GPUs in eu-west-1, and none");
  }

  private static Refresh.Outcome described(Catalogue known, Described... types) throws IOException {
    return Refresh.described(known, List.of(types), new Request("aws", "eu-west-1", "EC2", TODAY));
  }

  private static Refresh.Outcome refresh(
      Catalogue catalogue, String list, String provider, String region) throws IOException {
    var bytes = new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8));
    return Refresh.read(catalogue, bytes, new Request(provider, region, "the list", TODAY));
  }
}
