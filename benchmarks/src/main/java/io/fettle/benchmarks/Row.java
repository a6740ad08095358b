package io.fettle.benchmarks;

import java.util.Optional;

/**
 * One measured number and what it must keep.
 *
 * @param value the median where it was measured more than once; empty where the row could not run
 * @param bar empty for a number that only informs
 * @param ok empty where nothing can be said: it could not run, or the machine was too noisy
 * @param trials how often it was measured
 * @param control the peer's or the control's value from the same call on the same input
 * @param interval 95 %, paired where there is a control
 */
public record Row(
    String name,
    Optional<Double> value,
    String unit,
    Optional<Bar> bar,
    Optional<Boolean> ok,
    int trials,
    Optional<Double> control,
    Optional<Interval> interval,
    String note) {

  /** Bounds of a confidence interval. */
  public record Interval(double low, double high) {}

  /** A number that only informs. */
  public static Row measured(String name, double value, String unit, int trials) {
    return new Row(
        name,
        Optional.of(value),
        unit,
        Optional.empty(),
        Optional.of(true),
        trials,
        Optional.empty(),
        Optional.empty(),
        "");
  }

  /** A row that cannot run here; {@code --full} fails on it. */
  public static Row skipped(String name, String reason) {
    return new Row(
        name,
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        reason);
  }

  public Row atMost(double limit) {
    return against(new Bar(Bar.Side.AT_MOST, limit));
  }

  public Row atLeast(double limit) {
    return against(new Bar(Bar.Side.AT_LEAST, limit));
  }

  private Row against(Bar limit) {
    return new Row(
        name,
        value,
        unit,
        Optional.of(limit),
        value.map(limit::holds),
        trials,
        control,
        interval,
        note);
  }

  public Row beside(double controlValue, Interval paired) {
    return new Row(
        name, value, unit, bar, ok, trials, Optional.of(controlValue), Optional.of(paired), note);
  }

  /** The same row with its mechanism switched off, or the peer's. */
  public Row control(double controlValue) {
    return new Row(name, value, unit, bar, ok, trials, Optional.of(controlValue), interval, note);
  }

  /**
   * Not ok where its control is missing or keeps the bar: what keeps it without its mechanism shows
   * nothing.
   */
  public Row shownByControl() {
    if (value.isEmpty() || bar.isEmpty()) {
      return this;
    }
    if (control.isPresent() && !bar.get().holds(control.get())) {
      return this;
    }
    String why = control.isPresent() ? "the control keeps the bar" : "no control";
    String text = note.isEmpty() ? why : note + "; " + why;
    return new Row(name, value, unit, bar, Optional.of(false), trials, control, interval, text);
  }

  /** For a log: name, value, bar, control, trials. */
  public String line() {
    return "%s %s, bar %s, control %s, n %d"
        .formatted(
            name,
            value.map(number -> (Numbers.text(number) + " " + unit).strip()).orElse("-"),
            bar.map(Bar::toString).orElse("-"),
            control.map(Numbers::text).orElse("-"),
            trials);
  }

  /** The same under another name. */
  public Row named(String other) {
    return new Row(other, value, unit, bar, ok, trials, control, interval, note);
  }

  public Row note(String text) {
    return new Row(name, value, unit, bar, ok, trials, control, interval, text);
  }

  /** Measured, but too noisily for a judgement. */
  public Row tooNoisy() {
    return new Row(
        name, value, unit, bar, Optional.empty(), trials, control, interval, "machine too noisy");
  }
}
