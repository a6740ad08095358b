package io.fettle.activities.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a mistyped word was meant to be. */
final class NearMiss {
  private static final int LONGEST = 64;

  /** What other trainers call the same thing. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("lr", "learning_rate"),
          Map.entry("epochs", "num_epochs"),
          Map.entry("num_train_epochs", "num_epochs"),
          Map.entry("steps", "max_steps"),
          Map.entry("batch_size", "global_batch_size"),
          Map.entry("train_batch_size", "global_batch_size"),
          Map.entry("per_device_train_batch_size", "micro_batch_size"),
          Map.entry("gradient_accumulation_steps", "global_batch_size"),
          Map.entry("lr_scheduler_type", "lr_scheduler"),
          Map.entry("warmup", "warmup_ratio"),
          Map.entry("bf16", "precision"),
          Map.entry("fp16", "precision"),
          Map.entry("sequence_len", "max_length"),
          Map.entry("max_seq_length", "max_length"),
          Map.entry("cutoff_len", "max_length"),
          Map.entry("lora_r", "r"),
          Map.entry("rank", "r"),
          Map.entry("lora_alpha", "alpha"),
          Map.entry("lora_dropout", "dropout"),
          Map.entry("lora_target_modules", "target_modules"),
          Map.entry("adapter", "tuning"),
          Map.entry("base_model", "model"),
          Map.entry("model_name_or_path", "model"),
          Map.entry("val_size", "dev_fraction"),
          Map.entry("val_set_size", "dev_fraction"),
          Map.entry("save_steps", "every_steps"),
          Map.entry("save_total_limit", "keep_last"),
          Map.entry("eval_steps", "eval_every_steps"));

  private NearMiss() {}

  static Optional<String> elsewhere(String word) {
    return Optional.ofNullable(ELSEWHERE.get(word.toLowerCase(Locale.ROOT)));
  }

  /** The nearest known word, if it is near: a third of its letters may differ. */
  static Optional<String> of(String word, Collection<String> known) {
    if (word.length() > LONGEST) return Optional.empty();
    var plain = plain(word);
    return known.stream()
        .filter(k -> distance(plain, plain(k)) <= Math.max(1, k.length() / 3))
        .min(Comparator.comparingInt(k -> distance(plain, plain(k))));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** Levenshtein's distance, with a swap of neighbours as one edit. */
  private static int distance(String a, String b) {
    var d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) d[i][0] = i;
    for (int j = 0; j <= b.length(); j++) d[0][j] = j;
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int swap = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + swap);
        if (isSwapped(a, b, i, j)) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.length()][b.length()];
  }

  private static boolean isSwapped(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
