package io.latencystore.cli;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Summaries of several groups of measurements, each under the names that tell it from the others.
 */
final class Groups {

  private record Group(List<String> names, LatencySummary summary) {}

  private final List<String> titles;
  private final List<BigDecimal> percentiles;
  private final List<Group> groups = new ArrayList<>();

  private Groups(LatencyQuery query, String... titles) {
    this.titles = List.of(titles);
    this.percentiles = query.percentiles();
  }

  /** What a query found, by component. */
  static Groups ofComponents(LatencyQuery query, SortedMap<String, LatencySummary> found) {
    Groups result = new Groups(query, "component");
    found.forEach(
        (component, summary) -> result.groups.add(new Group(List.of(component), summary)));
    return result;
  }

  /** What a query found, by series. */
  static Groups ofSeries(LatencyQuery query, SortedMap<Series, LatencySummary> found) {
    Groups result = new Groups(query, "component", "command");
    found.forEach(
        (series, summary) ->
            result.groups.add(new Group(List.of(series.component(), series.command()), summary)));
    return result;
  }

  /** Writes them as one array. */
  void write(JsonOutput json) throws IOException {
    json.array(
        "groups",
        array -> {
          for (Group group : groups) {
            array.object(element -> write(group, element));
          }
        });
  }

  private void write(Group group, JsonOutput json) throws IOException {
    for (int i = 0; i < titles.size(); i++) {
      json.field(titles.get(i), group.names().get(i));
    }
    json.summary(group.summary(), percentiles);
  }

  /** Prints them as a table. */
  void print(Appendable out) throws IOException {
    Figures figures = new Figures(percentiles);
    List<Column> columns =
        Stream.concat(titles.stream().map(Column::text), figures.columns().stream()).toList();
    List<List<String>> rows = groups.stream().map(group -> cells(group, figures)).toList();
    new Table(columns, rows).print(out);
  }

  private static List<String> cells(Group group, Figures figures) {
    return Stream.concat(
            group.names().stream().map(Printable::cell), figures.cells(group.summary()).stream())
        .toList();
  }
}
