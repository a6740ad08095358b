package io.fettle.data.filter;

import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Answers that another model's alignment left behind: boilerplate refusals, and sentences in which
 * it says who it is. English only.
 */
final class Refusals implements RowFilter {
  /** They open an answer; further in, they may be what a conversation is about. */
  private static final int OPENING = 300;

  private static final Pattern REFUSAL =
      Pattern.compile(
          "^\\W*(i'?m |i am )?(very |so |really )?(sorry|apologi[sz]e|afraid)\\b[^.!?\\n]{0,120}"
              + "\\b(can'?t|cannot|can not|unable|not able|won'?t|not allowed|not permitted)\\b"
              + "|^\\W*(unfortunately,? )?i (can'?t|cannot|can not|won'?t|am unable to|am not able to)"
              + " (assist|help|comply|fulfil|fulfill|provide|answer|engage|continue|do that|generate)\\b");

  private static final Pattern IDENTITY =
      Pattern.compile(
          "\\bas an? (ai|artificial intelligence)( language)?( model| assistant)?\\b"
              + "|\\bas a (large )?language model\\b"
              + "|\\bi('?m| am) (just )?an? (ai|artificial intelligence)( language)? (model|assistant)\\b"
              + "|\\bi('?m| am) (chatgpt|claude|gemini|bard|llama|qwen|deepseek|mistral|copilot)\\b"
              + "|\\b(developed|created|trained|made) by (openai|anthropic|google|meta|mistral|alibaba|deepseek)\\b"
              + "|\\bmy (knowledge|training data)( cut-?off| only goes| was last)\\b");

  @Override
  public String name() {
    return "refusals";
  }

  @Override
  public Optional<Reason> objection(Row row) {
    for (Message message : row.messages()) {
      if (message.role() != Role.ASSISTANT) {
        continue;
      }
      if (isRefusal(message.content())) {
        return Optional.of(Reason.REFUSAL);
      }
      if (hasIdentity(message.content())) {
        return Optional.of(Reason.IDENTITY);
      }
    }
    return Optional.empty();
  }

  /** Whether the answer does nothing but refuse. */
  static boolean isRefusal(String answer) {
    return REFUSAL.matcher(opening(answer)).find();
  }

  /** Whether the answer speaks of the model that wrote it. */
  static boolean hasIdentity(String answer) {
    return IDENTITY.matcher(plain(answer)).find();
  }

  private static String opening(String answer) {
    var text = plain(answer);
    return text.substring(0, Math.min(OPENING, text.length()));
  }

  private static String plain(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replace('\u2019', '\'');
  }
}
