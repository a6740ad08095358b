package io.fettle.activities.capacity.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.services.compute.model.Operation;
import com.google.auth.Retryable;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {
  private static final Place PLACE = new Place("g2-standard-8", "z-a", 0.3);

  private final Refusals refusals =
      new Refusals(
          new GceOptions(
              "gcp",
              "me",
              "team-ml",
              Optional.empty(),
              "fettle-agent",
              Map.of("z-a", ""),
              List.of(Market.SPOT),
              Map.of(),
              Map.of(),
              Duration.ofSeconds(1)));

  /** What Google's client says of a token that it cannot get. */
  private static final class Unsigned extends IOException implements Retryable {
    private static final long serialVersionUID = 1;
    private final boolean again;

    Unsigned(boolean again) {
      super("invalid_grant");
      this.again = again;
    }

    @Override
    public boolean isRetryable() {
      return again;
    }

    @Override
    public int getRetryCount() {
      return 0;
    }
  }

  private static HttpResponseException page(int status) {
    return new HttpResponseException.Builder(status, "<html>", new HttpHeaders()).build();
  }

  private static Operation operation(String... codes) {
    var errors = new ArrayList<Operation.Error.Errors>();
    for (var code : codes) {
      errors.add(new Operation.Error.Errors().setCode(code).setMessage("w".repeat(2_000)));
    }
    return new Operation().setError(new Operation.Error().setErrors(errors));
  }

  @ParameterizedTest
  @CsvSource({"401,PERMISSION", "403,PERMISSION", "404,TEMPLATE", "429,THROTTLE"})
  void an_answer_that_is_no_json_is_read_by_its_status(int status, Kind kind) {
    assertThat(refusals.of(page(status)))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void a_page_of_a_server_in_trouble_decides_nothing(int status) {
    assertThat(refusals.of(page(status)))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("is in trouble (%d".formatted(status));
  }

  @Test
  void the_first_reason_that_is_known_counts_and_the_details_are_reasons_too() {
    var details = new GoogleJsonError.Details();
    details.setReason("CONCURRENT_OPERATIONS_QUOTA_EXCEEDED");
    var error = new GoogleJsonError();
    error.setCode(403);
    error.setMessage("words");
    error.setErrors(List.of(new GoogleJsonError.ErrorInfo()));
    error.setDetails(List.of(details));

    assertThat(
            refusals.of(
                new GoogleJsonResponseException(
                    new HttpResponseException.Builder(403, "no", new HttpHeaders()), error)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Kind.THROTTLE);
              assertThat(refusal.code()).isEqualTo("CONCURRENT_OPERATIONS_QUOTA_EXCEEDED");
            });
  }

  @Test
  void credentials_that_are_refused_are_for_people_and_a_lost_answer_is_not() {
    assertThat(refusals.of(new Unsigned(false)))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.PERMISSION))
        .hasMessageContaining("application-default login");
    assertThat(refusals.of(new Unsigned(true))).isNotInstanceOf(Refusal.class);
    assertThat(refusals.of(new SocketTimeoutException("Read timed out")))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("team-ml");
  }

  @Test
  void of_several_errors_the_one_that_a_later_try_may_mend_is_told() {
    assertThat(refusals.of(new Operation(), PLACE)).isEmpty();
    var told =
        refusals.of(operation("INVALID_FIELD_VALUE", "QUOTA_EXCEEDED", "PERMISSIONS_ERROR"), PLACE);

    assertThat(told).hasValueSatisfying(no -> assertThat(no.kind()).isEqualTo(Kind.QUOTA));
    assertThat(told.orElseThrow().places()).containsExactly(PLACE);
    assertThat(told.orElseThrow().sentence())
        .contains("g2-standard-8 in z-a", "higher quota of project team-ml")
        .hasSizeLessThan(600);
  }
}
