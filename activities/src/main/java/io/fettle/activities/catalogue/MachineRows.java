package io.fettle.activities.catalogue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Machine types as CSV. A row of a type that is known already may leave cells empty, or whole
 * columns out: it has them as before.
 */
final class MachineRows {
  static final List<String> COLUMNS =
      List.of(
          "provider",
          "type",
          "gpu",
          "gpus",
          "gpu_memory_gib",
          "compute_capability",
          "vcpus",
          "memory_gib",
          "nvme_gb",
          "network_gbps",
          "nvlink",
          "spot_dollars",
          "on_demand_dollars",
          "as_of",
          "source");
  private static final Pattern PROVIDER = Pattern.compile("aws|gcp|ray|static");
  private static final Pattern TYPE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");
  private static final Pattern GPU = Pattern.compile("[a-z][a-z0-9-]{0,40}-[1-9][0-9]{0,3}gb");
  private static final LocalDate LONG_AGO = LocalDate.of(2000, 1, 1);

  private final String name;
  private final Map<Machine.Key, Machine> known;
  private final List<String> problems = new ArrayList<>();

  private MachineRows(String name, Collection<Machine> known) {
    this.name = name;
    this.known = new LinkedHashMap<>();
    known.forEach(machine -> this.known.put(machine.key(), machine));
  }

  /**
   * What the text adds to, and changes of, what is known; all of it, in order.
   *
   * @param name for people
   */
  static List<Machine> read(String name, String text, Collection<Machine> known)
      throws Catalogue.Unreadable {
    var rows = new MachineRows(name, known);
    rows.parse(text);
    if (!rows.problems.isEmpty()) throw new Catalogue.Unreadable(name, rows.problems);
    return List.copyOf(rows.known.values());
  }

  private void parse(String text) {
    var seen = new HashSet<Machine.Key>();
    try (var csv =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.STRICT)
            .missingFieldStrategy(FieldMismatchStrategy.STRICT)
            .ofNamedCsvRecord(text)) {
      for (var record : csv) {
        if (seen.isEmpty()) header(record);
        var machine = machine(record);
        if (!seen.add(machine.key()) && !machine.type().isEmpty()) {
          problems.add(
              "line %d: %s %s stands here twice; keep one"
                  .formatted(record.getStartingLineNumber(), machine.provider(), machine.type()));
        }
        known.put(machine.key(), machine);
      }
    } catch (CsvParseException | IOException e) {
      problems.add("is no CSV: " + e.getMessage());
    }
  }

  private void header(NamedCsvRecord record) {
    var seen = new HashSet<String>();
    for (var column : record.getHeader()) {
      if (!seen.add(column)) {
        problems.add(column + ": stands in the header twice; keep one");
      } else if (!COLUMNS.contains(column)) {
        problems.add("%s: is no column; known: %s".formatted(column, String.join(", ", COLUMNS)));
      }
    }
  }

  private Machine machine(NamedCsvRecord record) {
    var cells = new TreeMap<String, String>();
    COLUMNS.forEach(column -> record.findField(column).ifPresent(cell -> cells.put(column, cell)));
    var row = new Row(record.getStartingLineNumber(), cells, problems);
    var provider = row.word("provider", PROVIDER, "aws, gcp, ray or static");
    var type = row.word("type", TYPE, "the provider's own name of it, as g5.xlarge");
    var before = Optional.ofNullable(known.get(new Machine.Key(provider, type)));
    int gpus = row.count("gpus", 16, before.map(Machine::gpus));
    return new Machine(
        provider,
        type,
        gpu(row, gpus, before),
        gpus,
        gpus == 0 ? 0 : number(row, "gpu_memory_gib", 1, 10_000, before, Machine::gpuMemoryGib),
        gpus == 0
            ? 0
            : number(row, "compute_capability", 1, 99, before, Machine::computeCapability),
        row.count("vcpus", 10_000, before.map(Machine::vcpus)),
        number(row, "memory_gib", 1, 100_000, before, Machine::memoryGib),
        number(row, "nvme_gb", 0, 1_000_000, before, Machine::nvmeGb),
        number(row, "network_gbps", 0, 100_000, before, Machine::networkGbps),
        row.flag("nvlink", before.map(Machine::nvlink).orElse(false)),
        dollars(row, "spot_dollars", before.map(Machine::spotDollars)),
        dollars(row, "on_demand_dollars", before.map(Machine::onDemandDollars)),
        asOf(row, before),
        row.text("source").orElse(name));
  }

  private static String gpu(Row row, int gpus, Optional<Machine> before) {
    if (gpus == 0) return "";
    if (row.text("gpu").isEmpty() && before.isPresent()) return before.get().gpu();
    return row.word("gpu", GPU, "its model and nominal memory, as a10g-24gb");
  }

  private static double number(
      Row row,
      String column,
      double least,
      double most,
      Optional<Machine> before,
      Function<Machine, Double> known) {
    return row.number(column, least, most, before.map(known));
  }

  /** Most types have no price here: one that is missing is no problem. */
  private static double dollars(Row row, String column, Optional<Double> before) {
    return row.text(column).isEmpty()
        ? before.orElse(Machine.UNKNOWN)
        : row.number(column, 0, 10_000, before);
  }

  private static LocalDate asOf(Row row, Optional<Machine> before) {
    var written = row.date("as_of");
    boolean needed =
        before.isEmpty()
            || row.text("spot_dollars").isPresent()
            || row.text("on_demand_dollars").isPresent();
    if (needed && row.text("as_of").isEmpty()) {
      row.problem("as_of", "is missing; say when this was so, as 2026-11-24");
    }
    return written.or(() -> before.map(Machine::asOf)).orElse(LONG_AGO);
  }

  /** As {@link #read} takes it. */
  static String write(Collection<Machine> machines) {
    var text = new StringWriter();
    try (var csv = CsvWriter.builder().build(text)) {
      csv.writeRecord(COLUMNS);
      machines.forEach(machine -> csv.writeRecord(cells(machine)));
    } catch (IOException impossible) {
      throw new IllegalStateException("a text cannot be written to", impossible);
    }
    return text.toString();
  }

  private static List<String> cells(Machine machine) {
    return List.of(
        machine.provider(),
        machine.type(),
        machine.gpu(),
        Integer.toString(machine.gpus()),
        machine.gpus() == 0 ? "" : show(machine.gpuMemoryGib()),
        machine.gpus() == 0 ? "" : show(machine.computeCapability()),
        Integer.toString(machine.vcpus()),
        show(machine.memoryGib()),
        show(machine.nvmeGb()),
        show(machine.networkGbps()),
        Boolean.toString(machine.nvlink()),
        price(machine.spotDollars()),
        price(machine.onDemandDollars()),
        machine.asOf().toString(),
        machine.source());
  }

  private static String price(double dollars) {
    return dollars == Machine.UNKNOWN ? "" : show(dollars);
  }

  private static String show(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
