package io.fettle.benchmarks.capacity;

import java.util.Locale;

/**
 * What EC2 does that Moto does not, one line each: the table that {@link DocumentedEc2} follows.
 * Its test is named for each line.
 */
enum Ec2Fact {
  TOKEN_IDEMPOTENCY(
      "CreateFleet with a token that succeeded before answers as before and launches nothing",
      "EC2 developer guide, ec2-api-idempotency: CreateFleet is among the actions with a client token"),
  TOKEN_OF_THE_DEAD(
      "a token goes on naming its instance after that has ended, for a day at least",
      "EC2 API reference, Run_Instance_Idempotency; developer guide, ec2-api-idempotency"),
  PARAMETER_MISMATCH(
      "the same token with another parameter is refused: IdempotentParameterMismatch",
      "EC2 developer guide, ec2-api-idempotency"),
  LISTS_LAG(
      "what was just launched is in no list, and asked for by its id it is InvalidInstanceID.NotFound",
      "EC2 developer guide, eventual-consistency; up to 60 s were seen"),
  ENDING_TOO_EARLY(
      "TerminateInstances may not know yet what was just launched; it then goes on running",
      "EC2 developer guide, eventual-consistency, InvalidInstanceID.NotFound"),
  REPLY_LOST(
      "a call may time out although it went through",
      "EC2 developer guide, ec2-api-idempotency, first paragraph"),
  PENDING_FIRST("an instance is pending before it runs", "EC2 user guide, ec2-instance-lifecycle"),
  ERRORS_IN_THE_REPLY(
      "an instant fleet that found no capacity is a success with one error for each pool it tried",
      "EC2 user guide, instant-fleet; API reference, CreateFleetError"),
  EMPTY_IS_A_SERVER_ERROR(
      "InsufficientInstanceCapacity as a failed call has status 500",
      "EC2 API reference, errors-overview, server error codes"),
  RESERVED_OR_NOTHING(
      "a fleet of reserved capacity without a fallback launches into a reservation that has room, or nothing",
      "EC2 API reference, ReservedCapacityOptionsRequest and ReservedCapacityFallbackOptionsRequest"),
  INTERRUPTION(
      "an interrupted spot instance is terminated with reason Server.SpotInstanceTermination",
      "EC2 API reference, API_StateReason"),
  SPOT_PRICES(
      "asked for the prices of one moment, the price history tells what each zone costs then",
      "EC2 API reference, DescribeSpotPriceHistory, StartTime and EndTime"),
  PAGES(
      "DescribeInstances gives a page at a time",
      "EC2 API reference, DescribeInstances, MaxResults and NextToken");

  private final String sentence;
  private final String source;

  Ec2Fact(String sentence, String source) {
    this.sentence = sentence;
    this.source = source;
  }

  /** The test's name. */
  String testName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return sentence + " (" + source + ")";
  }
}
