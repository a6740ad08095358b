package io.fettle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/**
 * Each rule finds the one class under {@code fixture} that breaks it on purpose: a rule that cannot
 * fail holds nothing.
 */
class RulesCanFailTest {
  private static final String ROOT = "io.fettle.architecture.fixture";
  private static final JavaClasses FIXTURE = new ClassFileImporter().importPackages(ROOT);

  private final Workflows workflows = new Workflows(ROOT);
  private final Capabilities capabilities = new Capabilities(ROOT);
  private final Rooms rooms = new Rooms(ROOT);

  @Test
  void rule_one_finds_the_clock_and_the_file() {
    assertFinds(workflows.askNoClockChanceOrThread(), "ReadsTheClock");
    assertFinds(workflows.useTheAllowListAlone(), "ReadsAFile");
  }

  @Test
  void rule_two_finds_contracts_that_know_each_other() {
    assertFinds(capabilities.contractsSeeTheWireTheSpecAndThemselves(), "TrainsOnRows");
    assertFinds(workflows.keepTheWireApart(), "KnowsRows");
  }

  @Test
  void rule_three_finds_a_base_that_knows_a_capability_and_a_stranger_in_a_sub_package() {
    assertFinds(capabilities.activitiesSeeTheBaseAndThemselves(), "Store");
    assertFinds(capabilities.activitiesSeeTheBaseAndThemselves(), "ReadsTheLedger");
    assertFinds(capabilities.aSubPackageIsSeenByItsParentAlone(), "ReadsTheLedger");
    assertFinds(rooms.activitiesHaveNoCycles(), "Cycle detected");
    assertThat(rooms.packagesThatShowTooMuch(FIXTURE))
        .containsExactly(ROOT + ".activities.wide: [Four, One, Three, Two]");
  }

  @Test
  void rule_four_finds_spring_and_the_environment() {
    assertFinds(rooms.springLivesInWorkers(), "StartsSpring");
    assertFinds(rooms.theEnvironmentIsReadAtTheEdge(), "ReadsTheEnvironment");
  }

  @Test
  void the_direction_of_modules_is_held() {
    assertFinds(rooms.librariesArePureJava(), "CountsWorkflowRows");
    assertFinds(rooms.dependOneWay(), "SeesTheCommand");
    assertFinds(rooms.workersDoNotSeeTheCommandLine(), "MeasuresItself");
    assertFinds(rooms.nothingSeesTheBenchmarks(), "MeasuresItself");
  }

  private static void assertFinds(ArchRule rule, String culprit) {
    var result = rule.evaluate(FIXTURE);
    assertThat(result.hasViolation()).as(rule.getDescription()).isTrue();
    assertThat(result.getFailureReport().getDetails())
        .as(rule.getDescription())
        .anyMatch(line -> line.contains(culprit));
  }
}
