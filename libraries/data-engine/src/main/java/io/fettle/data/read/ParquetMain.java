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

  private static final String TOO_LARGE =
      "holds a page or a record that does not fit into 1 GiB; write it again with smaller row groups";

  private static final int LONGEST_REASON = 300;
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
      String problem =
          new Header(ParquetRecord.names(file.getFileSchema()))
              .problem(List.of(Arrays.copyOfRange(arguments, 2, arguments.length)));
      if (!problem.isEmpty()) {
        return refused(problem);
      }
      write(file, out);
      return 0;
    } catch (IOException | RuntimeException e) {
      return refused(isOfMemory(e) ? TOO_LARGE : unsound(e));
    } catch (OutOfMemoryError | StackOverflowError _) {
      return refused(TOO_LARGE);
    }
  }

  /** Pages are unpacked by threads of the library's own. */
  private static boolean isOfMemory(Throwable failure) {
    for (Throwable each = failure.getCause(); each != null; each = each.getCause()) {
      if (each instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  private static String unsound(Exception e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String line = why.lines().findFirst().orElse("");
    return "is no sound Parquet (%s); copy the file again"
        .formatted(line.substring(0, Math.min(line.length(), LONGEST_REASON)));
  }

  private static int refused(String sentence) {
    System.err.println(sentence);
    return REFUSED;
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
