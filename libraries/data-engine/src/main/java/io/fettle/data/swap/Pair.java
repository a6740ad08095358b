package io.fettle.data.swap;

/** What the classifier sees of one row. */
final class Pair {
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
