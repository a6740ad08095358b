package io.fettle.activities.capacity.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFamilyTest {
  @ParameterizedTest
  @CsvSource({
    "ZONE_RESOURCE_POOL_EXHAUSTED,STOCKOUT",
    "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS,STOCKOUT",
    "RESOURCE_POOL_EXHAUSTED,STOCKOUT",
    "insufficientCapacity,STOCKOUT",
    "VM_MIN_COUNT_NOT_REACHED,STOCKOUT",
    "IP_SPACE_EXHAUSTED,STOCKOUT",
    "IP_SPACE_EXHAUSTED_WITH_DETAILS,STOCKOUT",
    "RESERVATION_CAPACITY_EXCEEDED,STOCKOUT",
    "RESERVATION_NOT_READY,STOCKOUT",
    "UNSUPPORTED_OPERATION,STOCKOUT",
    "QUOTA_EXCEEDED,QUOTA",
    "quotaExceeded,QUOTA",
    "dailyLimitExceeded,QUOTA",
    "LIMIT_EXCEEDED,QUOTA",
    "rateLimitExceeded,THROTTLE",
    "userRateLimitExceeded,THROTTLE",
    "RATE_LIMIT_EXCEEDED,THROTTLE",
    "CONCURRENT_OPERATIONS_QUOTA_EXCEEDED,THROTTLE",
    "RESOURCE_OPERATION_RATE_EXCEEDED,THROTTLE",
    "resourceNotReady,THROTTLE",
    "RESOURCE_NOT_READY,THROTTLE",
    "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE,THROTTLE",
    "forbidden,PERMISSION",
    "PERMISSIONS_ERROR,PERMISSION",
    "PERMISSION_DENIED,PERMISSION",
    "IAM_PERMISSION_DENIED,PERMISSION",
    "authError,PERMISSION",
    "accessNotConfigured,PERMISSION",
    "SERVICE_DISABLED,PERMISSION",
    "SERVICE_ACCOUNT_ACCESS_DENIED,PERMISSION",
    "VM_EXTERNAL_IP_ACCESS_POLICY_CONSTRAINT,PERMISSION",
    "invalid,TEMPLATE",
    "INVALID_FIELD_VALUE,TEMPLATE",
    "INVALID_USAGE,TEMPLATE",
    "MISSING_REQUIRED_FIELD,TEMPLATE",
    "FIELD_SIZE_TOO_LARGE,TEMPLATE",
    "required,TEMPLATE",
    "notFound,TEMPLATE",
    "RESOURCE_NOT_FOUND,TEMPLATE",
    "PROJECT_NOT_FOUND,TEMPLATE",
    "NETWORK_NOT_FOUND,TEMPLATE",
    "CONDITION_NOT_MET,TEMPLATE",
    "INVALID_RESERVATION,TEMPLATE",
    "alreadyExists,UNKNOWN",
    "RESOURCE_ALREADY_EXISTS,UNKNOWN",
    "internalError,UNKNOWN",
    "backendError,UNKNOWN",
    "INTERNAL_ERROR,UNKNOWN",
    "SERVICE_UNAVAILABLE_FOR_LOCATION,UNKNOWN",
    "'',UNKNOWN"
  })
  void a_code_belongs_to_its_family(String code, Kind kind) {
    assertThat(ErrorFamily.of(code, "").kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "ZONE_RESOURCE_POOL_EXHAUSTED_IN_THE_YEAR_2030,STOCKOUT",
    "REGION_RESOURCE_POOL_EXHAUSTED,STOCKOUT",
    "GPU_STOCKOUT,STOCKOUT",
    "GPU_QUOTA_EXCEEDED_GLOBALLY,QUOTA",
    "READ_RATE_LIMIT_EXCEEDED,THROTTLE",
    "INVALID_COLOUR,TEMPLATE",
    "SUBNETWORK_NOT_FOUND,TEMPLATE"
  })
  void a_new_spelling_falls_into_its_family(String code, Kind kind) {
    assertThat(ErrorFamily.of(code, "").kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid,Machine type with name 'a3-highgpu-8g' does not exist in zone 'europe-west4-a'.,UNSUPPORTED",
    "notFound,The resource 'projects/p/zones/z/machineTypes/a3-highgpu-8g' was not found,UNSUPPORTED",
    "notFound,The resource 'projects/p/zones/z/acceleratorTypes/nvidia-l4' was not found,UNSUPPORTED",
    "RESOURCE_NOT_FOUND,The resource 'projects/p/zones/z/instances/fettle-1' was not found,STOCKOUT",
    "notFound,The resource 'projects/p/global/instanceTemplates/fettle' was not found,TEMPLATE",
    "invalid,Invalid value for field 'resource.name': 'X'.,TEMPLATE"
  })
  void a_code_of_any_wrong_field_is_told_apart_by_its_words(
      String code, String message, Kind kind) {
    assertThat(ErrorFamily.of(code, message).kind()).isEqualTo(kind);
  }

  @Test
  void both_spellings_of_a_code_are_the_same() {
    for (var code :
        new String[] {"QUOTA_EXCEEDED", "RATE_LIMIT_EXCEEDED", "RESOURCE_NOT_READY", "NOT_FOUND"}) {
      var words = code.toLowerCase(Locale.ROOT).split("_");
      var camel = new StringBuilder(words[0]);
      for (int i = 1; i < words.length; i++) {
        camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
      }
      assertThat(ErrorFamily.of(camel.toString(), ""))
          .as("%s", camel)
          .isEqualTo(ErrorFamily.of(code, ""))
          .isNotEqualTo(ErrorFamily.OTHER);
    }
  }

  @Test
  void any_two_strings_are_of_some_family_and_a_code_of_none_is_unknown() {
    var random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      var code = text(random);
      assertThat(ErrorFamily.of(code, text(random)).kind()).as("%s", code).isNotNull();
      assertThat(ErrorFamily.of("Zq" + Integer.toHexString(random.nextInt()), text(random)))
          .isEqualTo(ErrorFamily.OTHER);
    }
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    random.ints(random.nextInt(40), 0, Character.MAX_CODE_POINT + 1).forEach(text::appendCodePoint);
    return text.toString();
  }
}
