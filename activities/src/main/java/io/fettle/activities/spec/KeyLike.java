package io.fettle.activities.spec;

import java.util.regex.Pattern;

/**
 * Texts that look like a secret. They are refused wherever they stand, and never repeated in a
 * message.
 */
final class KeyLike {
  private static final Pattern KNOWN =
      Pattern.compile(
          "hf_[A-Za-z0-9]{16,}" // Hugging Face
              + "|sk-[A-Za-z0-9_-]{16,}" // OpenAI, Anthropic
              + "|(AKIA|ASIA)[A-Z0-9]{12,}" // AWS
              + "|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}"
              + "|glpat-[A-Za-z0-9_-]{16,}"
              + "|AIza[A-Za-z0-9_-]{30,}" // Google
              + "|xox[abprs]-[A-Za-z0-9-]{10,}" // Slack
              + "|eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}" // a JSON web token
              + "|-----BEGIN [A-Z ]*PRIVATE KEY"
              + "|[a-z][a-z0-9+]*://[^/\\s:@]+:[^/\\s@]+@"); // a password in an address

  private KeyLike() {}

  static boolean isKeyLike(String text) {
    return KNOWN.matcher(text).find();
  }
}
