package io.fettle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import org.junit.jupiter.api.Test;

/** Holds DESIGN section 2 over every production class. */
class ArchitectureTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.fettle");

  private final Workflows workflows = new Workflows("io.fettle");
  private final Capabilities capabilities = new Capabilities("io.fettle");
  private final Rooms rooms = new Rooms("io.fettle");

  @Test
  void workflow_code_uses_nothing_that_a_replay_could_answer_differently() {
    workflows.useTheAllowListAlone().check(PRODUCTION);
    workflows.askNoClockChanceOrThread().check(PRODUCTION);
  }

  @Test
  void contracts_use_the_wire_the_spec_and_themselves() {
    workflows.keepTheWireApart().check(PRODUCTION);
    workflows.keepTheSpecApart().check(PRODUCTION);
    capabilities.contractsSeeTheWireTheSpecAndThemselves().check(PRODUCTION);
  }

  @Test
  void capabilities_see_the_base_and_what_is_listed() {
    capabilities.activitiesSeeTheBaseAndThemselves().check(PRODUCTION);
    capabilities.aSubPackageIsSeenByItsParentAlone().check(PRODUCTION);
    rooms.activitiesHaveNoCycles().check(PRODUCTION);
  }

  @Test
  void a_package_shows_a_factory_its_options_and_a_port() {
    assertThat(rooms.packagesThatShowTooMuch(PRODUCTION)).isEmpty();
    assertThat(rooms.packagesThatHoldTooMuch(PRODUCTION)).isEmpty();
  }

  @Test
  void modules_depend_one_way() {
    rooms.dependOneWay().check(PRODUCTION);
    rooms.librariesArePureJava().allowEmptyShould(true).check(PRODUCTION);
    rooms.workersDoNotSeeTheCommandLine().check(PRODUCTION);
    rooms.nothingSeesTheBenchmarks().check(PRODUCTION);
    rooms.jacksonIsTwo().check(PRODUCTION);
  }

  @Test
  void spring_and_the_environment_stay_at_the_edge() {
    rooms.springLivesInWorkers().check(PRODUCTION);
    rooms.theEnvironmentIsReadAtTheEdge().check(PRODUCTION);
  }
}
