package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ranks of tokens, whose merges are every pair that makes a token. */
final class RankFile {
  private RankFile() {}

  static Tokenizer read(Path file, int digits, Map<String, Integer> added) throws IOException {
    var ranks = ranks(file);
    var ofByte = new int[256];
    for (int value = 0; value < ofByte.length; value++) {
      var rank = ranks.get(new String(new byte[] {(byte) value}, ISO_8859_1));
      if (rank == null) {
        throw new IOException("%s has no token for the byte %d".formatted(file, value));
      }
      ofByte[value] = rank;
    }
    var pretokens = digits == 0 ? new Gpt2Pretokens(false) : new Cl100kPretokens(digits);
    return new Tokenizer(
        new Tokenizer.Parts(
            pretokens, merges(ranks, ofByte), ranks, new AddedTokens(added), false));
  }

  /** By the token's bytes as Latin-1. */
  private static Map<String, Integer> ranks(Path file) throws IOException {
    var ranks = new HashMap<String, Integer>();
    int number = 0;
    for (var line : lines(file)) {
      number++;
      int space = line.indexOf(' ');
      try {
        var token = Base64.getDecoder().decode(line.substring(0, Math.max(0, space)));
        ranks.put(new String(token, ISO_8859_1), rank(line.substring(space + 1)));
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "%s:%d is no token in base64 with its rank".formatted(file, number), e);
      }
    }
    return ranks;
  }

  private static int rank(String number) {
    int rank = Integer.parseInt(number);
    if (rank < 0) {
      throw new NumberFormatException("a rank below 0");
    }
    return rank;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file, US_ASCII);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no list of ranks: it holds more than ASCII", e);
    }
  }

  private static Merges merges(Map<String, Integer> ranks, int[] ofByte) {
    int most = ranks.keySet().stream().mapToInt(token -> token.length() - 1).sum();
    var merges = new Merges(most, ofByte);
    for (var each : ranks.entrySet()) {
      var token = each.getKey();
      for (int cut = 1; cut < token.length(); cut++) {
        var left = ranks.get(token.substring(0, cut));
        var right = ranks.get(token.substring(cut));
        if (left != null && right != null) {
          merges.put(left, right, each.getValue(), each.getValue());
        }
      }
    }
    return merges;
  }
}
