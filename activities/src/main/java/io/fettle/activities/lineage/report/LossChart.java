package io.fettle.activities.lineage.report;

import io.fettle.activities.lineage.report.Curve.Lease;
import io.fettle.activities.lineage.report.Curve.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Train and dev loss over optimizer steps. Where a lease ended before the train did, a band spans
 * the steps that the next one did again.
 */
final class LossChart {
  private static final int WIDTH = 920;
  private static final int HEIGHT = 340;
  private static final int LEFT = 52;
  private static final int TOP = 42;
  private static final int BOTTOM = 296;
  private static final int MOST_POINTS = 600;
  private static final double NARROWEST_BAND = 4;

  private final Curve curve;
  private final Axis x;
  private final Axis y;
  private final Html svg = new Html();

  private LossChart(Curve curve) {
    this.curve = curve;
    this.x = new Axis(0, Math.max(1, curve.lastStep()), LEFT, WIDTH - 14);
    double most =
        curve.leases().stream()
            .flatMap(lease -> Stream.concat(lease.train().stream(), lease.dev().stream()))
            .mapToDouble(Point::loss)
            .max()
            .orElse(1);
    double tick = Axis.tick(most, 5);
    this.y = new Axis(0, Math.max(tick, Math.ceil(most / tick) * tick), BOTTOM, TOP);
  }

  static Html of(Curve curve) {
    return new LossChart(curve).draw();
  }

  private Html draw() {
    svg.add(
        "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"train and dev loss over optimizer steps\">",
        WIDTH, HEIGHT);
    axes();
    chosen();
    for (int i = 0; i < curve.leases().size(); i++) {
      lease(i);
    }
    line("dev", kept(true));
    for (Point point : kept(true)) {
      svg.add(
          "<circle class=\"dev\" cx=\"%s\" cy=\"%s\" r=\"3.5\"><title>dev loss %s after step %s</title></circle>",
          px(x.at(point.step())),
          px(y.at(point.loss())),
          Html.number(4, point.loss()),
          point.step());
    }
    return svg.raw("</svg>");
  }

  private void axes() {
    for (double tick : y.ticks(5)) {
      svg.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          LEFT, WIDTH - 14, px(y.at(tick)), px(y.at(tick)));
      svg.add(
          "<text class=\"end\" x=\"%s\" y=\"%s\">%s</text>",
          LEFT - 8, px(y.at(tick) + 4), Html.number(2, tick));
    }
    for (double tick : x.ticks(10)) {
      if (tick == Math.rint(tick)) {
        svg.add(
            "<text class=\"mid\" x=\"%s\" y=\"%s\">%s</text>",
            px(x.at(tick)), BOTTOM + 18, (long) tick);
      }
    }
    svg.add("<text class=\"end\" x=\"%s\" y=\"%s\">optimizer step</text>", WIDTH - 14, HEIGHT - 6);
  }

  private void chosen() {
    if (curve.chosenStep() > 0) {
      String at = px(x.at(curve.chosenStep()));
      svg.add(
          "<line class=\"chosen\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"><title>the checkpoint of step %s was chosen</title></line>",
          at, at, TOP, BOTTOM, curve.chosenStep());
    }
  }

  private void lease(int index) {
    Lease lease = curve.leases().get(index);
    if (index + 1 < curve.leases().size()) {
      interruption(lease, index);
    } else if (index > 0) {
      label(
          "lease %d: %s at %d".formatted(lease.number(), lease.ended(), lease.to()),
          Math.min(x.at(Math.max(lease.from(), lease.to() - 1)), WIDTH - 14),
          "end");
    }
    line("train", thinned(lease.train().stream().filter(p -> p.step() <= lease.keptTo()).toList()));
    line("lost", thinned(lease.train().stream().filter(p -> p.step() >= lease.keptTo()).toList()));
  }

  private void interruption(Lease lease, int index) {
    double from = x.at(Math.min(lease.keptTo(), lease.to()));
    double width = Math.max(NARROWEST_BAND, x.at(lease.to()) - from);
    svg.add(
        "<rect class=\"band\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"><title>lease %s ended at step %s: %s; the next lease went on from step %s</title></rect>",
        px(from),
        TOP,
        px(width),
        BOTTOM - TOP,
        lease.number(),
        lease.to(),
        lease.ended(),
        Math.min(lease.keptTo(), lease.to()));
    boolean right = from > WIDTH / 2.0;
    label(
        "lease %d: %s at %d".formatted(lease.number(), lease.ended(), lease.to()),
        right ? from + width : from,
        right ? "end" : "",
        index);
  }

  private void label(String text, double at, String anchor) {
    label(text, at, anchor, curve.leases().size() - 1);
  }

  /** Neighbours are a line apart, so that short leases stay readable. */
  private void label(String text, double at, String anchor, int index) {
    svg.add(
        "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>",
        anchor, px(at), TOP - 8 - 15 * (index % 2), text);
  }

  /** What led to the chosen checkpoint, all leases together. */
  private List<Point> kept(boolean dev) {
    return curve.leases().stream()
        .flatMap(
            lease ->
                (dev ? lease.dev() : lease.train())
                    .stream().filter(point -> point.step() <= lease.keptTo()))
        .sorted(Comparator.comparingInt(Point::step))
        .toList();
  }

  private void line(String kind, List<Point> points) {
    if (points.size() > 1) {
      String path =
          points.stream()
              .map(point -> px(x.at(point.step())) + "," + px(y.at(point.loss())))
              .collect(Collectors.joining(" "));
      svg.add("<polyline class=\"%s\" points=\"%s\"/>", kind, path);
    }
  }

  /** Means of equal stretches, once there are more points than pixels can tell apart. */
  private static List<Point> thinned(List<Point> points) {
    int stretch = Math.ceilDiv(points.size(), MOST_POINTS);
    if (stretch <= 1) {
      return points;
    }
    List<Point> means = new ArrayList<>();
    for (int i = 0; i < points.size(); i += stretch) {
      List<Point> part = points.subList(i, Math.min(points.size(), i + stretch));
      double mean = part.stream().mapToDouble(Point::loss).average().orElse(0);
      means.add(new Point(part.getLast().step(), mean));
    }
    return means;
  }

  private static String px(double value) {
    return Html.number(1, value);
  }
}
