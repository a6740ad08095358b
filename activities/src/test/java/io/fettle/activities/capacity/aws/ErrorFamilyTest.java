package io.fettle.activities.capacity.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.internal.AwsErrorCode;

class ErrorFamilyTest {
  @ParameterizedTest
  @CsvSource({
    "InsufficientInstanceCapacity,STOCKOUT",
    "Server.InsufficientInstanceCapacity,STOCKOUT",
    "InsufficientHostCapacity,STOCKOUT",
    "InsufficientReservedInstanceCapacity,STOCKOUT",
    "InsufficientCapacityOnHost,STOCKOUT",
    "InsufficientFreeAddressesInSubnet,STOCKOUT",
    "UnfulfillableCapacity,STOCKOUT",
    "ReservationCapacityExceeded,STOCKOUT",
    "capacity-not-available,STOCKOUT",
    "MaxSpotInstanceCountExceeded,QUOTA",
    "MaxFleetCountExceeded,QUOTA",
    "VcpuLimitExceeded,QUOTA",
    "InstanceLimitExceeded,QUOTA",
    "Client.InstanceLimitExceeded,QUOTA",
    "VolumeLimitExceeded,QUOTA",
    "PendingVerification,QUOTA",
    "SpotMaxPriceTooLow,PRICE",
    "price-too-low,PRICE",
    "RequestLimitExceeded,THROTTLE",
    "Client.RequestLimitExceeded,THROTTLE",
    "BandwidthLimitExceeded,THROTTLE",
    "UnauthorizedOperation,PERMISSION",
    "AuthFailure,PERMISSION",
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted,PERMISSION",
    "OptInRequired,PERMISSION",
    "AccessDeniedException,PERMISSION",
    "SsmAccessDenied,PERMISSION",
    "Client.SsmAccessDenied,PERMISSION",
    "Client.UnauthorizedOperation,PERMISSION",
    "InvalidClientTokenId,PERMISSION",
    "RequestExpired,PERMISSION",
    "ExpiredToken,PERMISSION",
    "Unsupported,UNSUPPORTED",
    "UnsupportedOperation,UNSUPPORTED",
    "InvalidFleetConfiguration,UNSUPPORTED",
    "InvalidFleetConfig,UNSUPPORTED",
    "InvalidParameterValue,TEMPLATE",
    "InvalidParameterCombination,TEMPLATE",
    "InvalidLaunchTemplateName.NotFoundException,TEMPLATE",
    "InvalidAMIID.NotFound,TEMPLATE",
    "InvalidSubnetID.NotFound,TEMPLATE",
    "IdempotentParameterMismatch,ENDED",
    "IdempotentInstanceTerminated,ENDED",
    "MissingParameter,TEMPLATE",
    "UserDataSizeLimitExceeded,TEMPLATE",
    "InternalError,UNKNOWN",
    "Unavailable,UNKNOWN",
    "'',UNKNOWN"
  })
  void a_code_belongs_to_its_family(String code, Kind kind) {
    assertThat(ErrorFamily.of(code)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "InsufficientInstanceCapacityWithDetails,STOCKOUT",
    "UnfulfillableCapacityInZone,STOCKOUT",
    "MaxSpotVcpuCountExceeded,QUOTA",
    "GpuLimitExceededException,QUOTA",
    "InvalidLaunchTemplateColour,TEMPLATE"
  })
  void a_new_spelling_falls_into_its_family(String code, Kind kind) {
    assertThat(ErrorFamily.of(code)).isEqualTo(kind);
  }

  @Test
  void what_the_sdk_calls_throttling_is_a_throttle() {
    assertThat(AwsErrorCode.THROTTLING_ERROR_CODES)
        .isNotEmpty()
        .allSatisfy(code -> assertThat(ErrorFamily.of(code)).as(code).isEqualTo(Kind.THROTTLE));
  }

  @Test
  void any_string_is_of_some_kind_and_a_code_of_no_family_is_unknown() {
    var random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      var code = new StringBuilder();
      random
          .ints(random.nextInt(40), 0, Character.MAX_CODE_POINT + 1)
          .forEach(code::appendCodePoint);
      assertThat(ErrorFamily.of(code.toString())).as("%s", code).isEqualTo(Kind.UNKNOWN);
      assertThat(ErrorFamily.of("Zq" + Integer.toHexString(random.nextInt())))
          .isEqualTo(Kind.UNKNOWN);
    }
  }
}
