package io.fettle.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which module sees which, where Spring and the environment live, and how large a package may be.
 */
final class Rooms {
  private static final int MOST_PUBLIC_TYPES = 3;
  private static final int MOST_TYPES = 25;

  private final String root;

  Rooms(String root) {
    this.root = root;
  }

  ArchRule dependOneWay() {
    return classes()
        .that()
        .resideInAPackage(root + ".activities..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    root + ".activities..",
                    root + ".workflows..",
                    root + ".statistics..",
                    root + ".data..")
                .or(resideOutsideOfPackages(root + "..")))
        .as("activities see workflows and the libraries (DESIGN 2)");
  }

  ArchRule librariesArePureJava() {
    return noClasses()
        .that()
        .resideInAnyPackage(root + ".statistics..", root + ".data..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            root + ".workflows..",
            root + ".activities..",
            root + ".workers..",
            root + ".cli..",
            "io.temporal..",
            "org.springframework..",
            "software.amazon..",
            "com.google.cloud..")
        .as("libraries know no Temporal, no Spring, no cloud (DESIGN 2)");
  }

  ArchRule workersDoNotSeeTheCommandLine() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".workers..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".cli..")
        .as("workers do not see the command line (DESIGN 2)");
  }

  ArchRule nothingSeesTheBenchmarks() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root + ".benchmarks..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".benchmarks..")
        .as("nothing sees the benchmarks (DESIGN 2)");
  }

  ArchRule springLivesInWorkers() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(root + ".workers..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.springframework..")
        .as("no Spring outside workers (DESIGN 2, rule 4)");
  }

  ArchRule jacksonIsTwo() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson..")
        .as("JSON of ours is written by Jackson 2, as payloads are");
  }

  ArchRule theEnvironmentIsReadAtTheEdge() {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root + ".workers..", root + ".gateway..", root + ".cli..")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .as("only workers, gateway and cli read the environment (DESIGN 2, rule 4)");
  }

  ArchRule activitiesHaveNoCycles() {
    return SlicesRuleDefinition.slices()
        .matching(root + ".activities.(*)..")
        .should()
        .beFreeOfCycles()
        .as("capabilities of activities form no cycle (DESIGN 2, rule 3)");
  }

  /**
   * Packages of activities with more public types than a factory, its options record and a port.
   */
  List<String> packagesThatShowTooMuch(JavaClasses types) {
    return over(
        MOST_PUBLIC_TYPES, types, type -> type.getModifiers().contains(JavaModifier.PUBLIC));
  }

  List<String> packagesThatHoldTooMuch(JavaClasses types) {
    return over(MOST_TYPES, types, _ -> true);
  }

  private List<String> over(int most, JavaClasses types, Predicate<JavaClass> counted) {
    Map<String, List<JavaClass>> packages =
        types.stream()
            .filter(type -> type.getPackageName().startsWith(root + ".activities"))
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .filter(counted)
            .collect(
                groupingBy(
                    JavaClass::getPackageName, TreeMap::new, java.util.stream.Collectors.toList()));
    return packages.entrySet().stream()
        .filter(entry -> entry.getValue().size() > most)
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue().stream().map(JavaClass::getSimpleName).sorted().toList())
        .toList();
  }
}
