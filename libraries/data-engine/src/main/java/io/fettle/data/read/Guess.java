package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Format.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a file looks like from its first rows.
 *
 * @param format how its rows are written
 * @param fields the names that its rows use: columns of the header, or keys of the first objects
 */
public record Guess(Format format, List<String> fields) {
  private static final int LINES = 20;
  private static final JsonMapper JSON = new JsonMapper();

  /** Of two files of one name the second is called {@code name#2}. */
  private static final Pattern TSV =
      Pattern.compile("\\.tsv(\\.(gz|zst|zstd))?(#\\d+)?$", Pattern.CASE_INSENSITIVE);

  public Guess {
    fields = List.copyOf(fields);
  }

  /** Looks at the first lines; a file that holds no JSON object there is taken for CSV. */
  public static Guess of(Path file) throws IOException {
    return of(file, String.valueOf(file.getFileName()));
  }

  /**
   * The same of a file that people know by another name.
   *
   * @param name for what is wrong with it; tabs are between the fields where it ends in {@code
   *     .tsv}
   */
  public static Guess of(Path file, String name) throws IOException {
    if (ParquetRows.isParquet(file)) {
      List<String> columns = ParquetRows.columns(file, name);
      return new Guess(new Format(Container.PARQUET, shape(columns)), columns);
    }
    List<String> first = firstLines(file, name);
    List<String> keys = first.stream().map(Guess::keys).flatMap(List::stream).distinct().toList();
    if (keys.isEmpty()) {
      String header = first.isEmpty() ? "" : first.getFirst();
      Container container = columns(name).container();
      String separator = String.valueOf(container.separator());
      List<String> columns = Arrays.stream(header.split(separator)).map(Guess::unquoted).toList();
      return new Guess(new Format(container, flat(shape(columns))), columns);
    }
    return new Guess(new Format(Container.JSONL, shape(keys)), keys);
  }

  /** The format of fields under a header, by the file's name. */
  public static Format columns(String name) {
    return TSV.matcher(name).find() ? Format.TSV : Format.CSV;
  }

  private static Shape shape(List<String> fields) {
    if (fields.contains("messages")) {
      return Shape.CHAT;
    }
    if (fields.contains("conversations")) {
      return Shape.SHAREGPT;
    }
    if (fields.containsAll(List.of("chosen", "rejected"))) {
      return Shape.PREFERENCE;
    }
    return fields.containsAll(List.of("instruction", "output"))
        ? Shape.ALPACA
        : Shape.PROMPT_COMPLETION;
  }

  /** A field of CSV holds no list. */
  private static Shape flat(Shape shape) {
    return shape == Shape.CHAT || shape == Shape.SHAREGPT ? Shape.PROMPT_COMPLETION : shape;
  }

  private static List<String> firstLines(Path file, String name) throws IOException {
    List<String> first = new ArrayList<>();
    try (var lines = Lines.of(name, file)) {
      for (Optional<Lines.Line> next = lines.next();
          next.isPresent() && first.size() < LINES;
          next = lines.next()) {
        if (next.get().problem() == null && !next.get().text().isBlank()) {
          first.add(next.get().text());
        }
      }
    }
    return first;
  }

  private static List<String> keys(String line) {
    try {
      JsonNode tree = JSON.readTree(line);
      List<String> keys = new ArrayList<>();
      tree.fieldNames().forEachRemaining(keys::add);
      return keys;
    } catch (JsonProcessingException _) {
      return List.of();
    }
  }

  private static String unquoted(String column) {
    String name = column.strip();
    boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
    return quoted ? name.substring(1, name.length() - 1) : name;
  }
}
