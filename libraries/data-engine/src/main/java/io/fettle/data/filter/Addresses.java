package io.fettle.data.filter;

import java.util.Locale;

/** Addresses of people and their machines. */
final class Addresses {
  /** RFC 5321. */
  private static final int LONGEST_LOCAL = 64;

  private static final int LONGEST_DOMAIN = 253;
  private static final int FEWEST_DIGITS = 8;
  private static final int MOST_DIGITS = 15;
  private static final int LONGEST_IPV6 = 39;
  private static final int IPV6_GROUPS = 8;
  private static final int LEAST_GROUPS = 3;

  private Addresses() {}

  private static boolean isLocal(char c) {
    return Around.isWord(c) || "._%+-".indexOf(c) >= 0;
  }

  static int email(Around text, int start) {
    if (isLocal(text.before(start)) && text.before(start) != '.') {
      return -1;
    }
    int at = start;
    while (at - start <= LONGEST_LOCAL && isLocal(text.at(at))) {
      at++;
    }
    if (at == start || text.at(at) != '@' || text.at(at - 1) == '.') {
      return -1;
    }
    return domain(text, at + 1);
  }

  /** Labels with dots, the last one of two letters and more; what follows is no part of it. */
  private static int domain(Around text, int start) {
    int end = -1;
    int label = start;
    int at = start;
    boolean hasDot = false;
    boolean letters = true;
    for (; at - start <= LONGEST_DOMAIN; at++) {
      char c = text.at(at);
      if (Around.isDigit(c) || Around.isLetter(c) || (c == '-' && at > label)) {
        letters &= Around.isLetter(c);
        continue;
      }
      if (hasDot && letters && at - label >= 2) {
        end = at;
      }
      if (c != '.' || at == label) {
        break;
      }
      hasDot = true;
      letters = true;
      label = at + 1;
    }
    return end >= 0 && !Around.isWord(text.at(end)) && text.at(end) != '-' ? end : -1;
  }

  static int phone(Around text, int start) {
    if (text.at(start) != '+' || text.at(start + 1) < '1' || text.at(start + 1) > '9') {
      return -1;
    }
    int digits = 0;
    int marks = 0;
    int end = -1;
    for (int at = start + 1; digits < MOST_DIGITS && marks <= 2; at++) {
      char c = text.at(at);
      if (Around.isDigit(c)) {
        digits++;
        marks = 0;
        boolean whole = digits >= FEWEST_DIGITS && !Around.isWord(text.at(at + 1));
        end = whole ? at + 1 : end;
      } else if (c != 0 && " -./()".indexOf(c) >= 0) {
        marks++;
      } else {
        break;
      }
    }
    return end;
  }

  static int ipv4(Around text, int start) {
    if (!Around.isDigit(text.at(start)) || ".-_+%:".indexOf(text.before(start)) >= 0) {
      return -1;
    }
    int[] octets = new int[4];
    int at = start;
    for (int i = 0; i < octets.length; i++) {
      int first = at;
      while (at - first < 3 && Around.isDigit(text.at(at))) {
        octets[i] = 10 * octets[i] + text.at(at++) - '0';
      }
      boolean zeroes = at - first > 1 && text.at(first) == '0';
      if (at == first || octets[i] > 255 || zeroes || (i < 3 && text.at(at++) != '.')) {
        return -1;
      }
    }
    boolean goesOn =
        Around.isWord(text.at(at))
            || text.at(at) == '-'
            || (text.at(at) == '.' && Around.isDigit(text.at(at + 1)));
    return goesOn || isOfNobody(octets) ? -1 : at;
  }

  /** RFC 6890: private, loopback, link-local, multicast, for documentation. */
  private static boolean isOfNobody(int... octets) {
    int first = octets[0];
    int two = (first << 8) | octets[1];
    int three = (two << 8) | octets[2];
    return first == 0
        || first == 10
        || first == 127
        || first >= 224
        || two == ((192 << 8) | 168)
        || two == ((169 << 8) | 254)
        || (two >> 4) == (((172 << 8) | 16) >> 4)
        || three == ((192 << 16) | 2)
        || three == ((198 << 16) | (51 << 8) | 100)
        || three == ((203 << 16) | 113);
  }

  static int ipv6(Around text, int start) {
    if (Character.digit(text.at(start), 16) < 0 || ".:-_+%".indexOf(text.before(start)) >= 0) {
      return -1;
    }
    int at = start;
    while (at - start <= LONGEST_IPV6 && (text.at(at) == ':' || isHex(text.at(at)))) {
      at++;
    }
    if (Around.isWord(text.at(at)) || at - start > LONGEST_IPV6) {
      return -1;
    }
    boolean colon = text.at(at - 1) == ':'; // the sentence's, unless more is glued to it
    if (colon && (text.at(at - 2) == ':' || text.at(at) == '[')) {
      return -1;
    }
    int end = colon ? at - 1 : at;
    return isIpv6(text.part(start, end).toLowerCase(Locale.ROOT)) ? end : -1;
  }

  private static boolean isHex(char c) {
    return c < 0x80 && Character.digit(c, 16) >= 0;
  }

  private static boolean isIpv6(String address) {
    int gap = address.indexOf("::");
    if (address.contains(":::") || (gap >= 0 && address.indexOf("::", gap + 2) >= 0)) {
      return false;
    }
    int groups = 0;
    boolean digit = false;
    for (var group : address.split(":")) {
      if (group.length() > 4) {
        return false;
      }
      groups += group.isEmpty() ? 0 : 1;
      digit |= group.chars().anyMatch(c -> Around.isDigit((char) c));
    }
    boolean whole =
        gap < 0 ? groups == IPV6_GROUPS : groups >= LEAST_GROUPS && groups < IPV6_GROUPS;
    return whole && digit && !isOfNobody(address);
  }

  /** Link-local, unique local, multicast, for documentation. */
  private static boolean isOfNobody(String address) {
    return address.matches("(?s)(fe[89ab]|f[cd]|ff|2001:0?db8:).*");
  }
}
