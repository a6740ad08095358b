package io.fettle.cli.command;

import io.fettle.cli.view.Screen;
import io.fettle.data.prepare.Preparation;

/** A preparation's stages as they begin and, on a terminal, how far each is. */
final class StageLines implements Preparation.Progress {
  private static final int EVERY = 1_000;

  private final Screen screen;
  private String current = "";

  StageLines(Screen screen) {
    this.screen = screen;
  }

  @Override
  public void rows(String stage, long done) {
    if (!stage.equals(current)) {
      current = stage;
      screen.begin(stage);
    } else if (done % EVERY != 0) {
      return;
    }
    screen.live("%s: %,d rows".formatted(stage, done));
  }
}
