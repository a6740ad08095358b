package io.fettle.data.filter;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Numbers with check digits. */
final class Checked {
  private static final int FEWEST_OF_CARD = 13;
  private static final int MOST_OF_CARD = 19;
  private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

  /** Ranges that are given out, so that not every long number is looked at. */
  private static final Pattern ISSUED =
      Pattern.compile(
          "4\\d{12}|4\\d{15}|4\\d{18}|5[1-5]\\d{14}|2(22[1-9]|2[3-9]\\d|[3-6]\\d\\d|7[01]\\d|720)\\d{12}"
              + "|3[47]\\d{13}|6(011|4[4-9]\\d|5\\d\\d)\\d{12}|3(0[0-5]|[689]\\d)\\d{11}|35\\d{14}|62\\d{14,17}");

  private static final Pattern CPF_SHAPE = Pattern.compile("\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}");
  private static final int CPF_LENGTH = 14;

  /** How long an IBAN is, by country (SWIFT's registry). */
  private static final Map<String, Integer> IBAN_LENGTHS = ibanLengths();

  private Checked() {}

  private static Map<String, Integer> ibanLengths() {
    Map<String, Integer> lengths = new HashMap<>();
    var table =
        "15NO 16BE 18DK,FO,FI,GL,NL,SD 19MK,SI 20AT,BA,EE,KZ,LT,LU,XK,MN 21CH,HR,LI,LV"
            + " 22BG,BH,CR,DE,GB,GE,IE,ME,RS,VA 23AE,GI,IL,IQ,OM,SO,TL"
            + " 24AD,CZ,ES,MD,PK,RO,SA,SE,SK,TN,VG 25LY,PT,ST 26IS,TR 27DJ,BI,FR,GR,IT,MC,MR,SM"
            + " 28AL,AZ,BY,CY,DO,GT,HU,LB,NI,PL,SV 29BR,EG,PS,QA,UA 30JO,KW,MU,YE 31MT,SC 32LC 33RU";
    for (var group : table.split(" ")) {
      int length = Integer.parseInt(group.substring(0, 2));
      for (var country : group.substring(2).split(",")) {
        lengths.put(country, length);
      }
    }
    return lengths;
  }

  /** Whether what begins here is the end of a longer number. */
  private static boolean goesOn(Around text, int start) {
    return text.before(start) == '.' || text.before(start) == '-';
  }

  // --- Cards

  static int card(Around text, int start) {
    if (!Around.isDigit(text.at(start)) || goesOn(text, start)) {
      return -1;
    }
    var digits = new StringBuilder();
    int end = -1;
    for (int at = start; digits.length() < MOST_OF_CARD; at++) {
      char c = text.at(at);
      if (Around.isDigit(c)) {
        digits.append(c);
        end = endsCard(text, at + 1) && isCard(digits) ? at + 1 : end;
      } else if ((c != ' ' && c != '-') || !Around.isDigit(text.at(at + 1))) {
        break;
      }
    }
    return end;
  }

  private static boolean endsCard(Around text, int end) {
    char c = text.at(end);
    boolean mark = c == '.' || c == '-';
    return !Around.isWord(c) && !(mark && Around.isDigit(text.at(end + 1)));
  }

  private static boolean isCard(CharSequence digits) {
    return digits.length() >= FEWEST_OF_CARD && ISSUED.matcher(digits).matches() && isLuhn(digits);
  }

  private static boolean isLuhn(CharSequence digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  // --- Accounts

  static int iban(Around text, int start) {
    if (!Around.isLetter(text.at(start)) || !Around.isLetter(text.at(start + 1))) {
      return -1;
    }
    var country = text.part(start, start + 2).toUpperCase(Locale.ROOT);
    int length = IBAN_LENGTHS.getOrDefault(country, 0);
    var found = new StringBuilder();
    int at = start;
    while (found.length() < length) {
      char c = text.at(at);
      if (Around.isLetter(c) || Around.isDigit(c)) {
        found.append(c);
      } else if (c != ' ' || text.at(at + 1) == ' ') {
        return -1;
      }
      at++;
    }
    return length > 0 && !Around.isWord(text.at(at)) && isIban(found) ? at : -1;
  }

  private static boolean isIban(CharSequence iban) {
    int rest = 0;
    for (int i = 0; i < iban.length(); i++) {
      int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
      rest = (value > 9 ? 100 * rest : 10 * rest) + value;
      rest %= 97;
    }
    return rest == 1 && Around.isDigit(iban.charAt(2)) && Around.isDigit(iban.charAt(3));
  }

  // --- People

  static int cpf(Around text, int start) {
    int end = start + CPF_LENGTH;
    if (goesOn(text, start) || end > text.length() || Around.isWord(text.at(end))) {
      return -1;
    }
    var found = text.part(start, end);
    return CPF_SHAPE.matcher(found).matches() && isCpf(found.replaceAll("\\D", "")) ? end : -1;
  }

  private static boolean isCpf(String digits) {
    return digits.chars().distinct().count() > 1
        && cpfCheck(digits, 9) == digits.charAt(9) - '0'
        && cpfCheck(digits, 10) == digits.charAt(10) - '0';
  }

  private static int cpfCheck(String digits, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (digits.charAt(i) - '0') * (count + 1 - i);
    }
    int rest = sum * 10 % 11;
    return rest == 10 ? 0 : rest;
  }

  static int dni(Around text, int start) {
    if (goesOn(text, start)) {
      return -1;
    }
    int first = "XYZ".indexOf(text.at(start));
    int number = Math.max(0, first);
    int at = first >= 0 ? start + 1 : start;
    for (int i = first >= 0 ? 1 : 0; i < 8; i++, at++) {
      if (!Around.isDigit(text.at(at))) {
        return -1;
      }
      number = 10 * number + text.at(at) - '0';
    }
    at += text.at(at) == '-' ? 1 : 0;
    boolean passes = text.at(at) == DNI_LETTERS.charAt(number % DNI_LETTERS.length());
    return passes && !Around.isWord(text.at(at + 1)) ? at + 1 : -1;
  }
}
