package io.fettle.data.filter;

import java.util.Map;
import java.util.Set;

/** The commonest function words of some languages in Latin script, by ISO 639-1 code. */
final class FunctionWords {
  /** No word has more letters. */
  static final int LONGEST = 6;

  private FunctionWords() {}

  static Map<String, Set<String>> byLanguage() {
    return Map.ofEntries(
        of(
            "en",
            "the of and to in is it that for was on are with they be at have this from or had"),
        of(
            "de",
            "der die und den von zu das mit sich des auf für ist im dem nicht ein eine als es"),
        of("fr", "le la les de des et en un une du dans qui que est pour pas au sur ce il je vous"),
        of("es", "el la los las de que y en un una del se por con no para su al lo como más es"),
        of("it", "il di che e la in un una per è del non si con da le sono della al gli i lo ha"),
        of("pt", "o a os as de que e do da em um uma para com não se na no dos mais por ao é"),
        of("nl", "de het een en van in is dat op te zijn met voor niet aan er om ook als bij naar"),
        of("sv", "och att det i en jag som är på den med för inte av till har de ett om var"),
        of("da", "og at det i en jeg er på den til som med af for ikke der de et har var"),
        of("no", "og at det i en jeg er på den til som med av for ikke de et har var fra"),
        of("pl", "i w na z się nie do to że o jest jak po co za od ale czy przez dla jego"),
        of("cs", "a v na se je že s z do to o k i ve jako za po by ale si jsem pro"),
        of("tr", "ve bir bu da de için ile çok ne o gibi daha ama var mi ki en olan kadar"),
        of("fi", "ja on ei että se hän oli joka en mutta ovat kun niin myös tai ole kuin mitä"),
        of("ro", "și de la în a nu cu o pe un să că din mai este care pentru sunt au se"),
        of("hu", "a az és hogy nem is egy ez de van meg csak volt el ha mint már még ezt"),
        of("vi", "và là của có không một trong cho được với các này đã những người khi để ở"),
        of("id", "yang dan di ini itu untuk dari tidak ke pada ada juga akan saya bisa oleh"));
  }

  private static Map.Entry<String, Set<String>> of(String language, String words) {
    return Map.entry(language, Set.of(words.split(" ")));
  }
}
