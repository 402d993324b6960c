package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a CSV file has which column, and how a row of it becomes a measurement. */
final class CsvColumns {

  /** The columns in the order in which they are exported; all but the last are required. */
  static final List<String> NAMES =
      List.of("timestamp_us", "latency_us", "component", "command", "success", "metadata");

  /** What malformed UTF-8 is read as: half a character, which well-formed UTF-8 never is. */
  static final char MALFORMED = '\uDFFF';

  private static final List<String> REQUIRED = NAMES.subList(0, 5);
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]+");
  private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private final int width;
  private final int[] positions;

  private CsvColumns(List<String> header) {
    this.width = header.size();
    this.positions = NAMES.stream().mapToInt(header::indexOf).toArray();
  }

  /**
   * The columns that a header names, in any order.
   *
   * @throws IllegalArgumentException if one is missing, unknown or there twice; the message names
   *     them all
   */
  static CsvColumns of(CsvRow row) {
    List<String> header = row.fields().stream().map(field -> field == null ? "" : field).toList();
    List<String> faults = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    for (String name : header) {
      if (!NAMES.contains(name)) {
        faults.add("unknown column \"" + Printable.cell(name) + "\"");
      } else if (!seen.add(name)) {
        faults.add("column \"" + name + "\" is there twice");
      }
    }
    for (String name : REQUIRED) {
      if (!seen.contains(name)) {
        faults.add("missing column \"" + name + "\"");
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          String.join(", ", faults)
              + "; the first line must name the columns "
              + String.join(",", REQUIRED)
              + " and may name metadata, in any order");
    }
    return new CsvColumns(header);
  }

  /** The measurement in a row, or what is wrong with it. */
  CsvLine read(CsvRow row) {
    try {
      return new CsvLine.Good(measurement(row.fields()));
    } catch (IllegalArgumentException e) {
      return new CsvLine.Bad(row.line(), reason(row, e));
    }
  }

  private LatencyMeasurement measurement(List<@Nullable String> fields) {
    if (fields.size() != width) {
      throw new IllegalArgumentException(
          "it has " + fields.size() + " fields, the header has " + width);
    }
    return LatencyMeasurement.ofMicros(
        micros("timestamp", text(fields, 0)),
        micros("latency", text(fields, 1)),
        text(fields, 2),
        text(fields, 3),
        success(text(fields, 4)),
        positions[5] < 0 ? null : fields.get(positions[5]));
  }

  private String text(List<@Nullable String> fields, int column) {
    String text = fields.get(positions[column]);
    return text == null ? "" : text;
  }

  private static long micros(String what, String digits) {
    if (!WHOLE_NUMBER.matcher(digits).matches()) {
      throw new IllegalArgumentException(
          what + " \"" + Printable.cell(digits) + "\" is not a whole number of microseconds");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what
              + " "
              + Printable.cell(digits)
              + " µs does not fit in signed 64-bit microseconds; "
              + (digits.startsWith("-")
                  ? "at least -" + LARGEST.add(BigInteger.ONE)
                  : "at most " + LARGEST),
          e);
    }
  }

  private static boolean success(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "success \"" + Printable.cell(text) + "\" is neither true nor false");
    };
  }

  private static String reason(CsvRow row, IllegalArgumentException e) {
    boolean malformed =
        row.fields().stream().anyMatch(field -> field != null && hasMalformed(field));
    return malformed ? "it is not UTF-8; convert the file" : String.valueOf(e.getMessage());
  }

  private static boolean hasMalformed(String field) {
    for (int i = field.indexOf(MALFORMED); i >= 0; i = field.indexOf(MALFORMED, i + 1)) {
      if (i == 0 || !Character.isHighSurrogate(field.charAt(i - 1))) {
        return true;
      }
    }
    return false;
  }
}
