package io.fettle.activities.capacity.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

class RefusalsTest {
  private static final Offer OFFER =
      new Offer(
          "aws",
          "h200-141gb-x8",
          60,
          "",
          Market.ON_DEMAND,
          List.of(
              new Place("p5e.48xlarge", "eu-west-1a", 60),
              new Place("p5en.48xlarge", "eu-west-1a", 60),
              new Place("p5en.48xlarge", "eu-west-1b", 60)));

  private final Refusals refusals =
      new Refusals(
          new Ec2Options(
              "aws",
              "me",
              "eu-west-1",
              Optional.empty(),
              "fettle",
              Map.of(),
              List.of(Market.ON_DEMAND),
              Map.of(),
              Map.of(),
              Ec2Options.Reserved.ANY_OPEN));

  @Test
  void a_fleet_that_is_refused_for_some_types_leaves_the_others() {
    var refused =
        refusals.of(
            answer(
                "InvalidFleetConfig",
                "Unsupported instancetypes specified in the batch request [p5en.48xlarge]"),
            OFFER);

    assertThatObject(refused)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
              assertThat(refusal.places())
                  .extracting(place -> place.type() + " " + place.zone())
                  .containsExactly("p5en.48xlarge eu-west-1a", "p5en.48xlarge eu-west-1b");
            });
  }

  @Test
  void words_without_a_type_say_nothing_of_any_place() {
    assertThatObject(refusals.of(answer("Unsupported", "not supported in your zone"), OFFER))
        .isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(refusal.places()).isEmpty());
  }

  private static Ec2Exception answer(String code, String message) {
    return (Ec2Exception)
        Ec2Exception.builder()
            .statusCode(400)
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
            .build();
  }
}
