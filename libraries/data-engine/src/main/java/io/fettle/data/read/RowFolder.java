package io.fettle.data.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The files of rows in a folder and in the folders below it: whoever looks finds the same ones in
 * the same order. A file is one of rows if its name ends like one and it is not empty. What begins
 * with a dot or an underscore is none, since other programs call their drafts and marks so.
 *
 * @param names relative to the folder, with slashes, in the order of their characters
 * @param others how many things were left out; a hidden folder is one
 * @param examples some of these
 */
public record RowFolder(List<String> names, int others, List<String> examples) {
  /** As many files as a spec may name. */
  public static final int MOST = 1_000;

  private static final String MANIFEST = "manifest.json";
  private static final Pattern SHARD = Pattern.compile("/shards/[0-9a-f]{64}\\.jsonl$");

  private static final int EXAMPLES = 5;
  private static final Pattern ROWS =
      Pattern.compile(
          ".+\\.(jsonl|ndjson|json|csv|tsv|parquet)(\\.(gz|zst|zstd))?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern HIDDEN = Pattern.compile("(^|/)[._]");

  public RowFolder {
    names = List.copyOf(names);
    examples = List.copyOf(examples);
  }

  /** Files or a folder that cannot be read as named. The message says why, and what to do. */
  public static final class Refused extends IOException {
    public Refused(String message) {
      super(message);
    }
  }

  /**
   * Looks into a folder of this machine. A link to what lies in the folder is left out, since that
   * is read anyway.
   *
   * @throws Refused where no file of rows is there, or too many are, or a link leaves the folder
   */
  public static RowFolder of(Path folder) throws IOException {
    return FolderWalk.of(folder);
  }

  /**
   * Looks through the objects below an address.
   *
   * @param bytes of each, by its name below the address
   * @param unreadable names of those that are there and cannot be asked for
   * @throws Refused as {@link #of(Path)}, or where one that cannot be asked for has rows
   */
  public static RowFolder of(String address, Map<String, Long> bytes, List<String> unreadable)
      throws Refused {
    var draft = new Draft(address);
    for (String name : unreadable) {
      if (isRows(name)) {
        throw new Refused(
            "%s holds %s, a name that cannot be asked for here; rename it with A-Z a-z 0-9 . _ = @ + - alone"
                .formatted(address, shown(name)));
      }
      draft.leaveOut(name);
    }
    for (var each : bytes.entrySet()) {
      draft.add(each.getKey(), each.getValue());
    }
    return draft.finished();
  }

  /** Whether a file of that name, relative to a folder, is taken for one of rows. */
  public static boolean isRows(String name) {
    return ROWS.matcher(name).matches() && !isHidden(name);
  }

  static boolean isHidden(String name) {
    return HIDDEN.matcher(name).find();
  }

  /** What was left out, for people; empty where nothing was. */
  public String leftOut() {
    if (others == 0) {
      return "";
    }
    String more = others > examples.size() ? ", ..." : "";
    return "%,d left out: %s%s".formatted(others, String.join(", ", examples), more);
  }

  /** A name must not steer the terminal that it is shown on. */
  private static String shown(String name) {
    return name.replaceAll("\\p{Cntrl}", "\ufffd");
  }

  /** One in the making. */
  static final class Draft {
    private final String place;
    private final List<String> names = new ArrayList<>();
    private final TreeSet<String> examples = new TreeSet<>();
    private int others;

    Draft(String place) {
      this.place = place;
    }

    void add(String name, long bytes) throws Refused {
      if (!isRows(name)) {
        leaveOut(name);
        return;
      }
      if (bytes == 0) {
        leaveOut(name + " (empty)");
        return;
      }
      if (!shown(name).equals(name)) {
        throw new Refused(
            "%s holds %s, a name with characters that cannot be shown; rename it"
                .formatted(place, shown(name)));
      }
      names.add(name);
      if (names.size() > MOST) {
        throw new Refused(
            "%s holds more than %,d files of rows; put them into fewer, larger files"
                .formatted(place, MOST));
      }
    }

    void leaveOut(String what) {
      others++;
      examples.add(shown(what));
      if (examples.size() > EXAMPLES) {
        examples.pollLast(); // the same ones, in whatever order they are found
      }
    }

    RowFolder finished() throws Refused {
      names.sort(null);
      var folder = new RowFolder(names, others, List.copyOf(examples));
      if (names.isEmpty()) {
        throw new Refused(
            "%s holds no rows: no .jsonl, .ndjson, .json, .csv, .tsv or .parquet, packed or not (%s); name a folder with such files, or the files"
                .formatted(place, others == 0 ? "it is empty" : folder.leftOut()));
      }
      for (String name : names) {
        if (name.equals(MANIFEST) || name.endsWith("/" + MANIFEST)) {
          refuseDataset(name.substring(0, name.length() - MANIFEST.length()));
        }
      }
      refuseShards();
      return folder;
    }

    /** Rows of all parts lie there side by side; a prepare that was killed leaves no manifest. */
    private void refuseShards() throws Refused {
      String start = place.replaceFirst("/*$", "/");
      if (names.stream().anyMatch(name -> SHARD.matcher(start + name).find())) {
        throw new Refused(
            "%s holds shards of a prepared dataset, or of a prepare that was cut off, whose test rows lie among its others; name the files that are meant"
                .formatted(place));
      }
    }

    private void refuseDataset(String at) throws Refused {
      boolean isDataset =
          names.stream()
              .anyMatch(name -> name.startsWith(at + "shards/") || name.equals(at + "train.jsonl"));
      if (isDataset) {
        throw new Refused(
            "%s has a manifest.json beside its rows, as a prepared dataset has, whose test rows lie among its others; name the files that are meant"
                .formatted(at.isEmpty() ? place : place.replaceFirst("/*$", "/") + at));
      }
    }
  }
}
