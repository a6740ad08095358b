package io.fettle.data.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.hash.Sha256;
import io.fettle.data.row.Tally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a dataset is and what it came from. Two hashes tell datasets apart, on purpose:
 *
 * <ul>
 *   <li>the <em>dataset hash</em> covers the rows of the parts, in their order, and nothing else.
 *       Equal rows, options and seed give an equal one whatever the version of the code, the number
 *       of threads or the size of the shards, so a step that only wants the rows is not done again
 *       because something around them changed;
 *   <li>the manifest's own {@link #hash} covers all of it, shards, inputs, counts, configuration,
 *       code and parent: two of these are equal only where the whole story is.
 * </ul>
 *
 * @param format of this document: {@value #FORMAT} where all shards lie in {@code shards/}, else
 *     {@value #PLACED}, which says where they lie
 * @param dataset the dataset hash: SHA-256 over a line {@code NAME.jsonl SHA-256-OF-ITS-ROWS} a
 *     part
 * @param parts in the order in which they enter the dataset hash
 * @param origin what the parts came from
 */
public record DatasetManifest(int format, String dataset, List<Part> parts, Origin origin) {
  /** What every reader reads. */
  public static final int FORMAT = 1;

  /** What readers of the first format would look for in vain. */
  public static final int PLACED = 2;

  /** Its name in a dataset's folder. */
  public static final String FILE = "manifest.json";

  public DatasetManifest {
    parts = List.copyOf(parts);
    if (format < FORMAT || format > PLACED) {
      throw new IllegalArgumentException(
          "it has format %d, and this version reads %d and %d".formatted(format, FORMAT, PLACED));
    }
    if (!dataset.equals(datasetHash(parts))) {
      throw new IllegalArgumentException("its dataset hash is not that of its parts");
    }
    var names = new HashSet<String>();
    parts.forEach(part -> names.add(part.name()));
    if (names.size() < parts.size()) {
      throw new IllegalArgumentException("it names a part twice");
    }
  }

  /** A manifest of these parts. */
  public static DatasetManifest of(List<Part> parts, Origin origin) {
    boolean usual =
        parts.stream().flatMap(part -> part.shards().stream()).allMatch(Shard::isInUsualPlace);
    return new DatasetManifest(usual ? FORMAT : PLACED, datasetHash(parts), parts, origin);
  }

  /** The dataset hash of these parts; nothing else computes one. */
  public static String datasetHash(List<Part> parts) {
    var digest = Sha256.digest();
    for (Part part : parts) {
      String line = part.name() + ".jsonl " + part.sha256() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.of(digest);
  }

  /** Canonical JSON: UTF-8, one line, keys in a fixed order; equal manifests give equal bytes. */
  public byte[] json() {
    return ManifestJson.bytes(this);
  }

  /** SHA-256 of {@link #json}; what a child names as its parent. */
  public String hash() {
    return Sha256.of(json());
  }

  /**
   * The part of that name.
   *
   * @throws IllegalArgumentException where there is none
   */
  public Part part(String name) {
    return parts.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no part " + name));
  }

  /** The rows of all parts together. */
  public long rows() {
    return parts.stream().mapToLong(Part::rows).sum();
  }

  /**
   * The manifest of that JSON.
   *
   * @throws JsonProcessingException where it is none, or contradicts itself
   */
  static DatasetManifest parsed(byte[] json) throws IOException {
    return ManifestJson.parsed(json);
  }

  /**
   * One part, such as {@code train}.
   *
   * @param name lower-case letters, digits and underscores
   * @param sha256 of its rows as one file, whatever the shards
   * @param shards in the order of the rows
   */
  public record Part(String name, long rows, long bytes, String sha256, List<Shard> shards) {
    public Part {
      shards = List.copyOf(shards);
      if (!name.matches("[a-z][a-z0-9_]*") || !Sha256.isOne(sha256)) {
        throw new IllegalArgumentException("it has a part without a proper name or hash");
      }
      if (rows != shards.stream().mapToLong(Shard::rows).sum()
          || bytes != shards.stream().mapToLong(Shard::bytes).sum()) {
        throw new IllegalArgumentException(
            "its part %s has other totals than its shards".formatted(name));
      }
    }

    static Part of(String name, String sha256, List<Shard> shards) {
      return new Part(
          name,
          shards.stream().mapToLong(Shard::rows).sum(),
          shards.stream().mapToLong(Shard::bytes).sum(),
          sha256,
          shards);
    }
  }

  /**
   * A file of JSON lines.
   *
   * @param file where it lies in the dataset's folder; given as empty, in its usual place, {@code
   *     shards/SHA-256.jsonl}
   */
  public record Shard(String sha256, long rows, long bytes, String file) {
    private static final Pattern INSIDE = Pattern.compile("(\\w[\\w.-]*/)*\\w[\\w.-]*");

    public Shard {
      if (!Sha256.isOne(sha256) || rows < 1 || bytes < rows) {
        throw new IllegalArgumentException("it has a shard without a proper hash or size");
      }
      file = file.isEmpty() ? usualPlace(sha256) : file;
      if (!INSIDE.matcher(file).matches()) {
        throw new IllegalArgumentException("it has a shard that is not in its folder");
      }
    }

    static String usualPlace(String sha256) {
      return "shards/" + sha256 + ".jsonl";
    }

    boolean isInUsualPlace() {
      return file.equals(usualPlace(sha256));
    }
  }

  /**
   * Where the parts came from. None of it enters the dataset hash.
   *
   * @param inputs every file that was read, in order
   * @param stages what each stage saw, kept and dropped, in order
   * @param config the options, seed included; keys are sorted when it is written
   * @param code version of the program that made it
   * @param tokenizer SHA-256 of the tokenizer's file; empty where none counted
   * @param template SHA-256 of the chat template; empty where none was used
   * @param parent the manifest's hash of the dataset that this one was made from; empty where there
   *     is none
   */
  public record Origin(
      List<Input> inputs,
      List<Stage> stages,
      JsonNode config,
      String code,
      String tokenizer,
      String template,
      String parent) {
    public Origin {
      inputs = List.copyOf(inputs);
      stages = List.copyOf(stages);
      config = config.deepCopy();
      for (String hash : List.of(tokenizer, template, parent)) {
        if (!hash.isEmpty() && !Sha256.isOne(hash)) {
          throw new IllegalArgumentException("it names \"%s\" as a SHA-256".formatted(hash));
        }
      }
    }
  }

  /** A file that was read, by the name that row ids use. */
  public record Input(String name, String sha256, long bytes) {
    public Input {
      if (!Sha256.isOne(sha256)) {
        throw new IllegalArgumentException("its input %s has no proper hash".formatted(name));
      }
    }

    /** The file as it lies there now. */
    public static Input of(String name, Path file) throws IOException {
      return new Input(name, Sha256.of(file), Files.size(file));
    }
  }

  /**
   * What one stage did; {@code seen} is {@code kept} plus everything dropped.
   *
   * @param dropped rows by {@link io.fettle.data.row.Reason#key}
   */
  public record Stage(String stage, long seen, long kept, SortedMap<String, Long> dropped) {
    public Stage {
      if (dropped.values().stream().anyMatch(Objects::isNull)) {
        throw new IllegalArgumentException(
            "its stage %s has a reason without a count".formatted(stage));
      }
      dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    }

    /** The counts of a tally, without its samples. */
    public static List<Stage> of(List<Tally.Counts> counts) {
      List<Stage> stages = new ArrayList<>();
      for (Tally.Counts stage : counts) {
        var dropped = new TreeMap<String, Long>();
        stage.drops().forEach(drop -> dropped.put(drop.reason().key(), drop.rows()));
        stages.add(new Stage(stage.stage(), stage.seen(), stage.kept(), dropped));
      }
      return stages;
    }
  }
}
