package io.fettle.activities.data.judge;

import io.fettle.activities.chat.Chat;
import io.fettle.activities.chat.ChatOptions;
import io.fettle.data.quality.Judge;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A model behind the OpenAI API that gives each row a whole number from 1 to 5, at temperature 0.
 */
public final class OpenAiJudge implements Judge, AutoCloseable {
  /** A digit and what models like to put around it. */
  private static final int ANSWER_TOKENS = 8;

  private final JudgeOptions options;
  private final Rubric rubric;
  private final Chat chat;

  private OpenAiJudge(JudgeOptions options, Chat chat) {
    this.options = options;
    this.rubric = new Rubric(options.rubric());
    this.chat = chat;
  }

  /**
   * A judge that has not been asked yet.
   *
   * @param secrets the value of a name; empty where there is none
   * @throws Judge.Unusable if the key is named and has no value
   */
  public static OpenAiJudge open(JudgeOptions options, Function<String, Optional<String>> secrets)
      throws Unusable {
    ChatOptions chat =
        new ChatOptions(
            "judge",
            options.url(),
            options.model(),
            options.key(),
            options.attempts(),
            options.pause(),
            options.answer());
    try {
      return new OpenAiJudge(options, Chat.open(chat, secrets));
    } catch (Chat.Unusable noKey) {
      throw new Unusable(String.valueOf(noKey.getMessage()));
    }
  }

  @Override
  public Column column() {
    return options.column();
  }

  @Override
  public OptionalDouble score(Row row) throws IOException, InterruptedException {
    try {
      return Rubric.score(
          chat.ask(
                  new Chat.Question(
                      rubric.instructions(),
                      rubric.question(row),
                      0,
                      ANSWER_TOKENS,
                      OptionalLong.empty()))
              .orElse(""));
    } catch (Chat.Unusable unusable) {
      throw new Unusable(String.valueOf(unusable.getMessage()));
    }
  }

  @Override
  public void close() {
    chat.close();
  }
}
