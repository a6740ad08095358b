package io.fettle.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Who may see whom among the capabilities of {@code workflows} and {@code activities}. */
final class Capabilities {
  private static final Set<String> ORCHESTRATION = Set.of("run", "experiment", "drift");
  private static final Set<String> SHARED_CONTRACT = Set.of("wire", "spec");
  private static final Set<String> BASE =
      Set.of(
          "store",
          "remote",
          "parallel",
          "disks",
          "programs",
          "steps",
          "temporal",
          "chat",
          "machine",
          "catalogue");

  private static final Map<String, Set<String>> MAY_SEE =
      Map.of(
          "data", Set.of("staging"),
          "training", Set.of("staging"),
          "artifact", Set.of("staging"),
          "serving", Set.of("staging"),
          "evaluation", Set.of("serving"),
          "capacity", Set.of("plan"));

  private final String workflows;
  private final String activities;

  Capabilities(String root) {
    this.workflows = root + ".workflows.";
    this.activities = root + ".activities.";
  }

  ArchRule contractsSeeTheWireTheSpecAndThemselves() {
    return rule(
        workflows,
        (from, to) ->
            ORCHESTRATION.contains(from)
                || SHARED_CONTRACT.contains(from)
                || SHARED_CONTRACT.contains(to)
                || from.equals(to),
        "a contract uses wire, spec and itself; run, experiment and drift use all (DESIGN 2, rule 2)");
  }

  ArchRule activitiesSeeTheBaseAndThemselves() {
    return rule(
        activities,
        (from, to) ->
            from.equals(to)
                || BASE.contains(to)
                || (!BASE.contains(from) && MAY_SEE.getOrDefault(from, Set.of()).contains(to)),
        "a capability sees the base, itself and what is listed; the base sees none (DESIGN 2, rule 3)");
  }

  ArchRule aSubPackageIsSeenByItsParentAlone() {
    return ArchRuleDefinition.classes()
        .that()
        .resideInAPackage(activities + ".")
        .should(
            new ArchCondition<JavaClass>("see sub-packages of their own capability alone") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                    .filter(
                        dependency ->
                            isSubPackage(dependency.getTargetClass().getBaseComponentType()))
                    .filter(
                        dependency ->
                            !capability(activities, type)
                                .equals(
                                    capability(
                                        activities,
                                        dependency.getTargetClass().getBaseComponentType())))
                    .forEach(dependency -> events.add(violation(type, dependency)));
              }
            })
        .as("a sub-package is seen by its parent alone (DESIGN 2, rule 3)");
  }

  private boolean isSubPackage(JavaClass type) {
    return type.getPackageName().startsWith(activities)
        && type.getPackageName().indexOf('.', activities.length()) >= 0;
  }

  private static ArchRule rule(String room, BiPredicate<String, String> allowed, String text) {
    return ArchRuleDefinition.classes()
        .that()
        .resideInAPackage(room + ".")
        .should(
            new ArchCondition<JavaClass>("see what they may") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                    .filter(
                        dependency ->
                            dependency
                                .getTargetClass()
                                .getBaseComponentType()
                                .getPackageName()
                                .startsWith(room))
                    .filter(
                        dependency ->
                            !allowed.test(
                                capability(room, type),
                                capability(
                                    room, dependency.getTargetClass().getBaseComponentType())))
                    .forEach(dependency -> events.add(violation(type, dependency)));
              }
            })
        .as(text);
  }

  private static String capability(String room, JavaClass type) {
    String rest = type.getPackageName().substring(room.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static ConditionEvent violation(JavaClass type, Dependency dependency) {
    return SimpleConditionEvent.violated(type, dependency.getDescription());
  }
}
