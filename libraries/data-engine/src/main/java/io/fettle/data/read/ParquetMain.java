package io.fettle.data.read;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What runs in {@link ParquetChild}: a file's columns, or its records as JSON, to the standard
 * output.
 */
final class ParquetMain {
  static final String COLUMNS = "columns";
  static final String RECORDS = "records";

  /** Ends with a sentence on the standard error. */
  static final int REFUSED = 3;

  private static final int BUFFER = 1 << 18;
  private static final JsonMapper JSON = new JsonMapper();

  private ParquetMain() {}

  /** Takes what to write, the file, and the columns that must be there. */
  public static void main(String[] arguments) {
    System.exit(code(arguments));
  }

  private static int code(String[] arguments) {
    try (var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER);
        var file = ParquetFileReader.open(InputFile.of(Path.of(arguments[1])))) {
      if (arguments[0].equals(COLUMNS)) {
        out.write(
            String.join("\n", ParquetRecord.names(file.getFileSchema()))
                .getBytes(StandardCharsets.UTF_8));
        return 0;
      }
      String missing = missing(file, List.of(Arrays.copyOfRange(arguments, 2, arguments.length)));
      if (!missing.isEmpty()) {
        return refused(missing);
      }
      write(file, out);
      return 0;
    } catch (IOException | RuntimeException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return refused("is no sound Parquet (%s); copy the file again".formatted(why));
    }
  }

  private static int refused(String sentence) {
    System.err.println(sentence);
    return REFUSED;
  }

  private static String missing(ParquetFileReader file, List<String> needed) {
    List<String> names = ParquetRecord.names(file.getFileSchema());
    return needed.stream()
        .filter(each -> !names.contains(each))
        .findFirst()
        .map(each -> "no column \"%s\"; the file has %s".formatted(each, String.join(", ", names)))
        .orElse("");
  }

  private static void write(ParquetFileReader file, OutputStream out) throws IOException {
    var record = new ParquetRecord(file.getFileSchema());
    try (var rows = file.rowReader()) {
      while (rows.hasNext()) {
        rows.next();
        out.write(line(record, rows));
        out.write('\n');
      }
    }
  }

  private static byte[] line(ParquetRecord record, dev.hardwood.reader.RowReader rows)
      throws IOException {
    try {
      return JSON.writeValueAsBytes(record.object(rows));
    } catch (BadRow bad) {
      return (ParquetChild.BAD + bad.reason().name()).getBytes(StandardCharsets.US_ASCII);
    }
  }
}
