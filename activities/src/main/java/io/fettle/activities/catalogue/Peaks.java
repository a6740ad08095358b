package io.fettle.activities.catalogue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.fettle.activities.catalogue.Catalogue.Peak;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What GPUs compute at most, from makers' sheets. */
final class Peaks {
  private Peaks() {}

  static List<Peak> read(String text) throws IOException {
    var peaks = new ArrayList<Peak>();
    try (var csv = CsvReader.builder().ofNamedCsvRecord(text)) {
      for (var row : csv) {
        peaks.add(
            new Peak(
                row.getField("gpu"),
                number(row.getField("bf16_tflops")),
                number(row.getField("fp32_tflops"))));
      }
    } catch (CsvParseException | NumberFormatException e) {
      throw new IOException("the list of GPUs is broken: " + e.getMessage(), e);
    }
    return peaks;
  }

  private static double number(String cell) {
    return cell.isEmpty() ? 0 : Double.parseDouble(cell);
  }
}
