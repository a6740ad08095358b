package io.fettle.activities.evaluation.judging;

import io.fettle.activities.chat.Chat;
import io.fettle.activities.chat.ChatOptions;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pinned model that is asked for one word of a few. Sample n of a question has seed n; what was
 * said once is remembered in the store and never asked again, by whatever run. For use by several
 * threads.
 */
public final class Judge implements AutoCloseable {
  private static final Pattern FIRST =
      Pattern.compile("[\\s\\p{Punct}]*(\\p{L}+)[\\s\\p{Punct}]*(.*)", Pattern.DOTALL);
  private static final int REASON = 300;

  private final Scoring.Judge frozen;
  private final Chat chat;
  private final Remembered remembered;

  private Judge(Scoring.Judge frozen, Chat chat, Remembered remembered) {
    this.frozen = frozen;
    this.chat = chat;
    this.remembered = remembered;
  }

  /**
   * A judge that has not been asked yet.
   *
   * @throws Chat.Unusable if its key is named and has no value here
   */
  public static Judge open(Scoring.Judge frozen, JudgingOptions options) throws IOException {
    ChatOptions chat =
        new ChatOptions(
            "judge",
            URI.create(frozen.url()),
            frozen.model(),
            Optional.ofNullable(frozen.apiKey()),
            options.attempts(),
            options.pause(),
            options.answer());
    String pinned =
        "%s\n%s\n%s\n%d"
            .formatted(frozen.url(), frozen.model(), frozen.temperature(), frozen.maxTokens());
    return new Judge(
        frozen,
        Chat.open(chat, options.secrets()),
        Remembered.open(
            options.store(),
            options.execution(),
            Stores.sha256(pinned.getBytes(StandardCharsets.UTF_8))));
  }

  /** How many may ask at once. */
  public int concurrency() {
    return frozen.concurrency();
  }

  /**
   * Asks the same several times.
   *
   * @param words those that count, in lower case; an answer has to begin with one
   * @throws IOException where it cannot be asked, after what attempts are made
   */
  public Ballot ask(String system, String user, List<String> words)
      throws IOException, InterruptedException {
    NavigableMap<String, Integer> votes = new TreeMap<>();
    NavigableMap<String, String> reasons = new TreeMap<>();
    int unreadable = 0;
    for (String reply : replies(system, user)) {
      Matcher said = FIRST.matcher(reply);
      String word = said.matches() ? said.group(1).toLowerCase(Locale.ROOT) : "";
      if (words.contains(word)) {
        votes.merge(word, 1, Integer::sum);
        reasons.putIfAbsent(word, said.group(2).strip());
      } else {
        unreadable++;
      }
    }
    String reason = Ballot.winner(votes, unreadable).map(reasons::get).orElse("");
    return new Ballot(votes, unreadable, reason);
  }

  /** What it says each time, its first 300 characters. */
  public List<String> replies(String system, String user) throws IOException, InterruptedException {
    List<String> replies = new ArrayList<>();
    for (int sample = 0; sample < frozen.samples(); sample++) {
      replies.add(said(system, user, sample));
    }
    return Collections.unmodifiableList(replies);
  }

  private String said(String system, String user, int sample)
      throws IOException, InterruptedException {
    String asked = "%d\n%d\n%s%s".formatted(sample, system.length(), system, user);
    String key = Stores.sha256(asked.getBytes(StandardCharsets.UTF_8));
    Optional<String> before = remembered.find(key);
    if (before.isPresent()) {
      return before.get();
    }
    String said = asked(system, user, sample);
    String kept = said.length() > REASON ? said.substring(0, REASON) : said;
    remembered.add(key, kept);
    return kept;
  }

  /** Nothing where the server refuses the text: a reply that is no word, hence a vote for none. */
  private String asked(String system, String user, int sample)
      throws IOException, InterruptedException {
    try {
      return chat.ask(
              new Chat.Question(
                  system, user, frozen.temperature(), frozen.maxTokens(), OptionalLong.of(sample)))
          .orElse("");
    } catch (Chat.Refused filtered) {
      return "";
    }
  }

  /** Lets others have what it said. */
  @Override
  public void close() throws IOException {
    try (chat) {
      remembered.publish();
    }
  }
}
