package io.fettle.activities.evaluation.scoring;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Arithmetic of graders' numbers: {@code + - * /}, brackets, and {@code min, max, abs, floor, ceil,
 * sqrt, exp, log}.
 */
final class Formula {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*(\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|[A-Za-z_][A-Za-z0-9_]*|[-+*/(),])");
  private static final int DEEPEST = 50;

  private final List<String> tokens;
  private final Set<String> names = new TreeSet<>();
  private int at;
  private int depth;

  /** What a formula says, of numbers by name. */
  private interface Term extends ToDoubleFunction<Map<String, Double>> {}

  private final Term whole;

  private Formula(List<String> tokens) {
    this.tokens = tokens;
    this.whole = sum();
    if (at < tokens.size()) {
      throw new IllegalArgumentException("\"%s\" is one too many".formatted(tokens.get(at)));
    }
  }

  /**
   * A formula.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  static Formula read(String text) {
    Matcher token = TOKEN.matcher(text.strip());
    List<String> tokens = token.results().map(found -> found.group(1)).toList();
    String left = TOKEN.matcher(text.strip()).replaceAll("").strip();
    if (tokens.isEmpty() || !left.isEmpty()) {
      throw new IllegalArgumentException(
          "\"%s\" is no arithmetic of names and numbers".formatted(text));
    }
    return new Formula(tokens);
  }

  Set<String> names() {
    return names;
  }

  double of(Map<String, Double> numbers) {
    return whole.applyAsDouble(numbers);
  }

  private Term sum() {
    Term sum = product();
    while (peek("+") || peek("-")) {
      boolean isPlus = next().equals("+");
      Term left = sum;
      Term right = product();
      sum =
          isPlus
              ? n -> left.applyAsDouble(n) + right.applyAsDouble(n)
              : n -> left.applyAsDouble(n) - right.applyAsDouble(n);
    }
    return sum;
  }

  private Term product() {
    Term product = factor();
    while (peek("*") || peek("/")) {
      boolean isTimes = next().equals("*");
      Term left = product;
      Term right = factor();
      product =
          isTimes
              ? n -> left.applyAsDouble(n) * right.applyAsDouble(n)
              : n -> left.applyAsDouble(n) / right.applyAsDouble(n);
    }
    return product;
  }

  private Term factor() {
    if (depth++ > DEEPEST) {
      throw new IllegalArgumentException("it is nested more than %d deep".formatted(DEEPEST));
    }
    String token = next();
    Term factor;
    if (token.equals("-")) {
      Term of = factor();
      factor = n -> -of.applyAsDouble(n);
    } else if (token.equals("(")) {
      factor = sum();
      expect(")");
    } else if (Character.isDigit(token.charAt(0))) {
      double number = Double.parseDouble(token);
      factor = _ -> number;
    } else if (peek("(")) {
      factor = call(token);
    } else if (Character.isLetter(token.charAt(0)) || token.charAt(0) == '_') {
      names.add(token);
      factor = n -> n.getOrDefault(token, 0.0);
    } else {
      throw new IllegalArgumentException("\"%s\" is no number".formatted(token));
    }
    depth--;
    return factor;
  }

  private Term call(String function) {
    expect("(");
    Term first = sum();
    Term second = first;
    if (peek(",")) {
      expect(",");
      second = sum();
    }
    expect(")");
    Term other = second;
    return switch (function) {
      case "min" -> n -> Math.min(first.applyAsDouble(n), other.applyAsDouble(n));
      case "max" -> n -> Math.max(first.applyAsDouble(n), other.applyAsDouble(n));
      case "abs" -> n -> Math.abs(first.applyAsDouble(n));
      case "floor" -> n -> Math.floor(first.applyAsDouble(n));
      case "ceil" -> n -> Math.ceil(first.applyAsDouble(n));
      case "sqrt" -> n -> Math.sqrt(first.applyAsDouble(n));
      case "exp" -> n -> Math.exp(first.applyAsDouble(n));
      case "log" -> n -> Math.log(first.applyAsDouble(n));
      default -> throw new IllegalArgumentException("%s is no function".formatted(function));
    };
  }

  private boolean peek(String token) {
    return at < tokens.size() && tokens.get(at).equals(token);
  }

  private String next() {
    if (at == tokens.size()) {
      throw new IllegalArgumentException("it ends too early");
    }
    return tokens.get(at++);
  }

  private void expect(String token) {
    if (!next().equals(token)) {
      throw new IllegalArgumentException("there is no \"%s\" where one belongs".formatted(token));
    }
  }
}
