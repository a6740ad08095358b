package io.fettle.activities.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.activities.spec.Shape.Choice;
import io.fettle.activities.spec.Shape.Flag;
import io.fettle.activities.spec.Shape.Many;
import io.fettle.activities.spec.Shape.Member;
import io.fettle.activities.spec.Shape.Real;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.activities.spec.Shape.Span;
import io.fettle.activities.spec.Shape.Text;
import io.fettle.activities.spec.Shape.Whole;
import io.fettle.workflows.spec.Setting;
import io.fettle.workflows.spec.Spec;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the schema off the records, so that there is no second copy of it. */
final class Shapes {
  private static final Map<Type, Shape> SIMPLE =
      Map.of(
          String.class, new Text(),
          int.class, new Whole(),
          Integer.class, new Whole(),
          double.class, new Real(),
          Double.class, new Real(),
          boolean.class, new Flag(),
          Boolean.class, new Flag(),
          Duration.class, new Span());

  /** The whole spec. */
  static final Section SPEC = section(Spec.class);

  private Shapes() {}

  private static Section section(Class<? extends Record> type) {
    return new Section(type, Arrays.stream(type.getRecordComponents()).map(Shapes::key).toList());
  }

  private static Member key(RecordComponent component) {
    var setting =
        Objects.requireNonNull(
            component.getAnnotation(Setting.class), () -> component + " has no @Setting");
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    return new Member(name(component), setting, shape(component.getGenericType()), nullable);
  }

  private static String name(RecordComponent component) {
    var named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null ? component.getName() : named.value();
  }

  private static Shape shape(Type type) {
    var simple = SIMPLE.get(type);
    if (simple != null) return simple;
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return new Many(shape(list.getActualTypeArguments()[0]));
    }
    if (type instanceof Class<?> c && c.isEnum()) return new Choice(words(c));
    if (type instanceof Class<?> c && c.isRecord()) return section(c.asSubclass(Record.class));
    throw new IllegalStateException(
        "a spec's record has a component of " + type + ", which has no shape");
  }

  /**
   * The words of an enum that users may write: all but {@code unknown}, which only decoding needs.
   */
  private static List<String> words(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(java.lang.reflect.Field::isEnumConstant)
        .map(
            f ->
                Optional.ofNullable(f.getAnnotation(JsonProperty.class))
                    .map(JsonProperty::value)
                    .orElse(f.getName()))
        .filter(word -> !word.equals("unknown"))
        .toList();
  }
}
