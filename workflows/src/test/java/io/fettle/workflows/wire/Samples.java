package io.fettle.workflows.wire;

import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One deterministic instance of every payload record: each component's value tells which component
 * it is.
 */
final class Samples {
  private Samples() {}

  /** Every public record of the module, by class name. */
  static List<Class<?>> records() {
    try {
      Path classes =
          Path.of(Reference.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(classes)) {
        return files
            .map(file -> classes.relativize(file).toString())
            .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
            .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
            .sorted()
            .<Class<?>>map(Samples::load)
            .filter(type -> type.isRecord() && isVisible(type) && type != SpecPolicy.class)
            .toList();
      }
    } catch (IOException | URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean isVisible(Class<?> type) {
    boolean visible = Modifier.isPublic(type.getModifiers());
    return visible && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static Object of(Class<?> record) {
    RecordComponent[] components = record.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(c -> value(c.getGenericType(), c.getName())).toArray();
    try {
      Constructor<?> constructor = record.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException refused) {
      throw new LinkageError("no sample of " + record.getName() + " can be made", refused);
    }
  }

  private static Object value(Type type, String name) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      Object element = value(last, name);
      Class<?> raw = (Class<?>) generic.getRawType();
      return raw == Optional.class
          ? Optional.of(element)
          : raw == List.class ? List.of(element) : Map.of(name, element);
    }
    return plain((Class<?>) type, name);
  }

  private static Object plain(Class<?> type, String name) {
    int number = name.length();
    return switch (type.getSimpleName()) {
      case "String" -> name;
      case "int", "Integer" -> number;
      case "long", "Long" -> number * 1_000L;
      case "double", "Double" -> number / 4.0;
      case "boolean", "Boolean" -> true;
      case "URI" -> URI.create("file:///" + name.toLowerCase(Locale.ROOT));
      case "Duration" -> Duration.ofSeconds(number);
      case "Instant" -> Instant.ofEpochSecond(number);
      default -> type.isEnum() ? type.getEnumConstants()[0] : of(concrete(type));
    };
  }

  private static Class<?> concrete(Class<?> type) {
    return type.isSealed() ? type.getPermittedSubclasses()[0] : type;
  }
}
