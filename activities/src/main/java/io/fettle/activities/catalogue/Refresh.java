package io.fettle.activities.catalogue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Prices of one provider and region for the types of a catalogue, from a list that is read as it
 * comes. Two kinds of CSV are known, by their headers: AWS's price list of EC2 (on-demand prices;
 * spot ones are not in it), and one with the columns {@code InstanceType, Region, Price,
 * SpotPrice}. Of several prices of one type, as of zones, the dearest counts.
 */
public final class Refresh {
  private static final Map<String, String> ON_DEMAND_LINUX =
      Map.of(
          "TermType", "OnDemand",
          "Operating System", "Linux",
          "Tenancy", "Shared",
          "CapacityStatus", "Used",
          "Pre Installed S/W", "NA",
          "Unit", "Hrs",
          "Currency", "USD");

  private final String region;
  private final Map<String, Double> spot = new TreeMap<>();
  private final Map<String, Double> onDemand = new TreeMap<>();
  private Optional<LocalDate> published = Optional.empty();
  private Optional<Columns> columns = Optional.empty();
  private long rows;

  private Refresh(String region) {
    this.region = region;
  }

  /** What is asked for. */
  public record Request(String provider, String region, String source, LocalDate today) {}

  /**
   * What came of it.
   *
   * @param changed types with a price of the list
   * @param skipped types that the catalogue cannot take in, each with its reason
   * @param file the operator's file as it should be now: all that this release does not know so
   */
  public record Outcome(List<Machine> changed, List<String> skipped, String file) {
    public Outcome {
      changed = List.copyOf(changed);
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * A machine type with GPUs in its provider's own words.
   *
   * @param gpu the model, as {@code A10G}
   * @param gpus whole ones; 0: a share of one
   * @param gpuMemoryGib of one
   * @param spotDollars an hour, of the dearest zone; -1: not known
   */
  public record Described(
      String type,
      String gpu,
      int gpus,
      double gpuMemoryGib,
      int vcpus,
      double memoryGib,
      double nvmeGb,
      double networkGbps,
      double spotDollars) {}

  /**
   * Takes in what a provider says of its types. A type that the catalogue does not know needs one
   * that it knows with the same GPU among them: that one tells the GPU's name in shapes, and what
   * it can do.
   *
   * @throws IOException if no type can be taken in
   */
  public static Outcome described(Catalogue known, List<Described> types, Request request)
      throws IOException {
    return new DescribedTypes(known, types, request).outcome();
  }

  /**
   * Reads a list to its end.
   *
   * @throws IOException if it is of no known kind, or has no price of these types in the region
   */
  public static Outcome read(Catalogue known, InputStream list, Request request)
      throws IOException {
    var refresh = new Refresh(request.region());
    refresh.read(list);
    if (request.provider().equals("gcp") && refresh.hasGpusApart()) {
      throw new IOException(
          "%s: in such lists machines of gcp and their GPUs are priced apart, so it has no whole price; nothing was changed"
              .formatted(request.source()));
    }
    if (refresh.columns.isEmpty()) {
      throw new IOException(
          "%s has no header of a price list; it needs the columns InstanceType, Region, Price and SpotPrice, or those of AWS's price list of EC2"
              .formatted(request.source()));
    }
    return refresh.outcome(known, request);
  }

  private boolean hasGpusApart() {
    return columns.map(each -> each.places().containsKey("AcceleratorName")).orElse(false);
  }

  private record Columns(Map<String, Integer> places) {
    String cell(CsvRecord record, String column) {
      var place = places.get(column);
      return place == null || place >= record.getFieldCount() ? "" : record.getField(place);
    }

    boolean aws() {
      return places.containsKey("TermType");
    }
  }

  private void read(InputStream list) throws IOException {
    try (var csv =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(list, StandardCharsets.UTF_8)) {
      for (var record : csv) {
        if (columns.isPresent()) row(columns.get(), record);
        else preamble(record);
      }
    } catch (CsvParseException e) {
      throw new IOException("the list is no CSV: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** AWS's list begins with lines about itself. */
  private void preamble(CsvRecord record) {
    var cells = record.getFields();
    if (cells.getFirst().equals("Publication Date") && cells.size() > 1) {
      published = date(cells.get(1));
    }
    boolean aws = cells.contains("TermType") && cells.contains("PricePerUnit");
    boolean zones = cells.contains("InstanceType") && cells.contains("Region");
    if (aws || zones) {
      var places = new TreeMap<String, Integer>();
      for (int i = 0; i < cells.size(); i++) places.putIfAbsent(cells.get(i), i);
      columns = Optional.of(new Columns(places));
    }
  }

  private static Optional<LocalDate> date(String text) {
    try {
      return Optional.of(LocalDate.parse(text.substring(0, Math.min(10, text.length()))));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private void row(Columns named, CsvRecord record) {
    rows++;
    if (named.aws()) {
      boolean wanted =
          ON_DEMAND_LINUX.entrySet().stream()
              .allMatch(each -> named.cell(record, each.getKey()).equals(each.getValue()));
      var where = named.cell(record, "Region Code");
      if (wanted && (where.isEmpty() || where.equals(region))) {
        price(onDemand, named.cell(record, "Instance Type"), named.cell(record, "PricePerUnit"));
      }
    } else if (named.cell(record, "Region").equals(region)) {
      var type = named.cell(record, "InstanceType");
      price(onDemand, type, named.cell(record, "Price"));
      price(spot, type, named.cell(record, "SpotPrice"));
    }
  }

  /** A price of nothing is none: lists have such rows for what cannot be bought. */
  private static void price(Map<String, Double> prices, String type, String text) {
    try {
      double dollars = Double.parseDouble(text);
      if (dollars > 0 && dollars <= 10_000) prices.merge(type, dollars, Math::max);
    } catch (NumberFormatException notGiven) {
      // a row without this price
    }
  }

  private Outcome outcome(Catalogue known, Request request) throws IOException {
    var when = published.orElse(request.today());
    var by = request.source() + ", " + region;
    var all = new ArrayList<Machine>();
    var changed = new ArrayList<Machine>();
    for (var machine : known.machines()) {
      double cheap = spot.getOrDefault(machine.type(), Machine.UNKNOWN);
      double dear = onDemand.getOrDefault(machine.type(), Machine.UNKNOWN);
      boolean found = cheap != Machine.UNKNOWN || dear != Machine.UNKNOWN;
      if (found && machine.provider().equals(request.provider())) {
        changed.add(machine.priced(cheap, dear, when, by));
        all.add(changed.getLast());
      } else {
        all.add(machine);
      }
    }
    if (changed.isEmpty()) {
      throw new IOException(
          "%s: %d rows, and no price of a type of %s in %s; nothing was changed"
              .formatted(request.source(), rows, request.provider(), region));
    }
    return new Outcome(changed, List.of(), file(all));
  }

  /** All that this release does not know so. */
  static String file(List<Machine> all) {
    var shipped = Catalogue.shipped().machines();
    return MachineRows.write(all.stream().filter(each -> !shipped.contains(each)).toList());
  }
}
