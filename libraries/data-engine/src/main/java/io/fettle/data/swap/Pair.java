package io.fettle.data.swap;

/** What the classifier sees of one row: some 300 numbers, and none of its text. */
public final class Pair {
  private static final ThreadLocal<RoleFeatures> FEATURES =
      ThreadLocal.withInitial(RoleFeatures::new);

  private final int[] prompt;
  private final int[] answer;
  private final int ratio;
  private final int signal;

  Pair(int[] prompt, int[] answer, int ratio, int signal) {
    this.prompt = prompt;
    this.answer = answer;
    this.ratio = ratio;
    this.signal = signal;
  }

  /** Of a prompt and its answer. Of any thread. */
  public static Pair of(String prompt, String answer) {
    return FEATURES.get().pair(prompt, answer);
  }

  int[] prompt() {
    return prompt;
  }

  int[] answer() {
    return answer;
  }

  /** See {@link RoleFeatures#lengthRatio}. */
  int ratio() {
    return ratio;
  }

  /** The prompt's signs of a prompt less the answer's, -2 to 2. */
  int signal() {
    return signal;
  }
}
