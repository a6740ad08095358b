package io.fettle.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The rules of the room {@code workflows}: what a replay could answer differently stays out. */
final class Workflows {
  private static final Set<String> FORBIDDEN_TYPES =
      Set.of(
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.ClassLoader",
          "java.util.Random",
          "java.util.Timer",
          "java.time.Clock");

  private static final Set<String> FORBIDDEN_CALLS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.identityHashCode",
          "java.lang.Math.random",
          "java.lang.Class.forName",
          "java.util.UUID.randomUUID",
          "java.util.Collections.shuffle",
          // Their order changes with each JVM.
          "java.util.Set.copyOf",
          "java.util.Map.copyOf",
          "java.util.stream.Collectors.toUnmodifiableSet");

  private final String root;

  Workflows(String root) {
    this.root = root + ".workflows";
  }

  ArchRule useTheAllowListAlone() {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(root + ".wire..")
        .should()
        .onlyDependOnClassesThat(allowed())
        .as("workflow code depends on the allow-list alone (DESIGN 2, rule 1)");
  }

  ArchRule askNoClockChanceOrThread() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .accessTargetWhere(answersDifferentlyOnReplay())
        .as("workflow code asks no clock, chance, thread or environment (DESIGN 2, rule 1)");
  }

  ArchRule keepTheWireApart() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".wire..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(root + ".wire.."))))
        .as("wire knows no other package of workflows (DESIGN 2, rule 2)");
  }

  ArchRule keepTheSpecApart() {
    return noClasses()
        .that()
        .resideInAPackage(root + ".spec..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(root + "..")
                .and(
                    DescribedPredicate.not(resideInAnyPackage(root + ".spec..", root + ".wire.."))))
        .as("spec knows wire and itself (DESIGN 2, rule 2)");
  }

  private DescribedPredicate<JavaClass> allowed() {
    var packages =
        resideInAnyPackage(
            root + "..",
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "java.util.regex",
            "java.time..",
            "java.math",
            "io.temporal.workflow..",
            "io.temporal.activity..",
            "io.temporal.common..",
            "io.temporal.failure..",
            "io.temporal.api.enums..",
            "com.fasterxml.jackson.annotation..",
            "org.jspecify..");
    return describe(
        "are on the allow-list",
        type -> {
          JavaClass component = type.getBaseComponentType();
          String name = component.getFullName();
          return component.isPrimitive()
              || name.equals("java.net.URI")
              || name.equals("java.io.Serializable")
              || name.equals("org.slf4j.Logger")
              || (packages.test(component) && !FORBIDDEN_TYPES.contains(name));
        });
  }

  private static DescribedPredicate<JavaAccess<?>> answersDifferentlyOnReplay() {
    return describe(
        "a replay could answer differently",
        access -> {
          String owner = access.getTargetOwner().getFullName();
          String call = owner + "." + access.getName();
          return FORBIDDEN_CALLS.contains(call)
              || FORBIDDEN_TYPES.contains(owner)
              || (owner.startsWith("java.time.") && access.getName().equals("now"));
        });
  }
}
