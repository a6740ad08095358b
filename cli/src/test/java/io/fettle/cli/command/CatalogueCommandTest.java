package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class CatalogueCommandTest extends CommandTest {
  private static final String LIST =
      "InstanceType,Region,AvailabilityZone,Price,SpotPrice\ng6.xlarge,eu-west-1,eu-west-1a,0.9,0.31\n";

  @Test
  void it_lists_types_with_prices_dates_and_whether_anybody_compared_them() throws IOException {
    assertThat(fettle("catalogue", "--shape", "a10g-24gb", "--provider", "aws", "--json")).isZero();
    var machines = lastLine().path("machines");
    assertThat(machines.findValuesAsText("type")).contains("g5.xlarge", "g5.16xlarge");
    assertThat(machines.findValuesAsText("shape")).contains("a10g-24gb-x1");
    assertThat(machines.get(0).path("onDemandDollars").asDouble()).isEqualTo(1.006);
    assertThat(machines.get(0).path("spotDollars").isNull()).as("nobody said").isTrue();
    assertThat(machines.get(0).path("asOf").asText()).isEqualTo("2026-11-24");

    assertThat(fettle("catalogue", "--provider", "gcp", "--memory", "100")).isZero();
    assertThat(out.toString())
        .contains("a3-ultragpu-8g", "2026-11-24 (unchecked)", "would be read too, and is not there")
        .doesNotContain("g2-standard", "p5en");
    assertThat(fettle("catalogue", "--shape", "b500")).isEqualTo(2);
    assertThat(err.toString()).contains("no machine type is so; known shapes: a100-40gb-x1, ");
  }

  @Test
  void prices_come_from_a_file_or_an_address_and_are_listed_from_then_on() throws IOException {
    var file = Files.writeString(folder.resolve("vms.csv"), LIST).toString();
    assertThat(fettle("catalogue", "refresh", "--region", "eu-west-1", "--from", file)).isZero();
    assertThat(out.toString()).contains("g6.xlarge            spot 0.310, on demand 0.900");
    assertThat(fettle("catalogue", "--shape", "l4-24gb", "--json")).isZero();
    assertThat(lastLine().at("/machines/0/spotDollars").asDouble()).isEqualTo(0.31);

    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/vms.csv",
        call -> {
          var body = LIST.replace("0.31", "0.22").getBytes(StandardCharsets.UTF_8);
          call.sendResponseHeaders(200, body.length);
          call.getResponseBody().write(body);
          call.close();
        });
    server.start();
    try {
      var url = "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
      assertThat(refresh(url + "vms.csv", "eu-west-1")).isZero();
      assertThat(fettle("catalogue", "--shape", "l4-24gb", "--json")).isZero();
      assertThat(lastLine().at("/machines/0/spotDollars").asDouble()).isEqualTo(0.22);
      assertThat(refresh(url + "none.csv", "eu-west-1")).isEqualTo(2);
      assertThat(err.toString()).contains("no prices were read: " + url + "none.csv answered 404");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void a_list_that_helps_nothing_changes_nothing() throws IOException {
    var file = Files.writeString(folder.resolve("vms.csv"), LIST).toString();
    assertThat(refresh(file, "moon-1")).isEqualTo(2);
    assertThat(err.toString()).contains("no price of a type of aws in moon-1");
    assertThat(refresh(folder.resolve("gone.csv").toString(), "eu-west-1")).isEqualTo(2);
    assertThat(folder.resolve("home/machines.csv")).doesNotExist();
    assertThat(fettle("catalogue", "refresh", "--provider", "gcp", "--region", "r")).isEqualTo(2);
    assertThat(err.toString()).contains("gcp has no list that can be read without an account");
    assertThat(
            fettle("catalogue", "refresh", "--provider", "gcp", "--region", "r", "--from", "ec2"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--from ec2 tells of aws alone");
  }

  @Test
  void an_operators_file_with_problems_is_told_by_every_command_that_needs_it() throws IOException {
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home/machines.csv"), "provider,type\nazure,x\n");
    assertThat(fettle("catalogue")).isEqualTo(2);
    assertThat(err.toString())
        .contains("machines.csv:", "line 2, provider: is azure; aws, gcp, ray or static");
  }

  private int refresh(String from, String region) {
    return fettle("catalogue", "refresh", "--region", region, "--from", from);
  }
}
