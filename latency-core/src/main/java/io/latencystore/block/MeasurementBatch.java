package io.latencystore.block;

import io.latencystore.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measurements on their way into the database: grouped by series and outcome, then cut into blocks.
 * For one thread.
 */
public final class MeasurementBatch {

  /** The measurements of one series; belongs to the batch until that is cleared. */
  public static final class Group {
    final Series series;
    final long id;
    final Columns successes = new Columns();
    final Columns failures = new Columns();

    Group(Series series) {
      this.series = series;
      this.id = series.id();
    }

    boolean isEmpty() {
      return successes.size() + failures.size() == 0;
    }
  }

  private final Map<String, Map<String, Group>> groups = new HashMap<>();
  private final BlockEncoder encoder = new BlockEncoder();
  private final Map<Series, Long> expired = new HashMap<>();
  private final TimeOrdered ordered = new TimeOrdered();
  private int size;

  /**
   * Adds a measurement.
   *
   * @throws io.latencystore.InvalidMeasurementException if a name cannot be stored
   */
  public void add(
      String component,
      String command,
      long timestampMicros,
      long latencyMicros,
      boolean success,
      @Nullable String metadata) {
    Map<String, Group> ofComponent = groups.get(component);
    Group group = ofComponent == null ? null : ofComponent.get(command);
    if (group == null) {
      group = group(new Series(component, command));
    }
    add(group, timestampMicros, latencyMicros, success, metadata);
  }

  /** The group of a series, for adding many measurements to it. */
  public Group group(Series series) {
    return groups
        .computeIfAbsent(series.component(), component -> new HashMap<>())
        .computeIfAbsent(series.command(), command -> new Group(series));
  }

  /** Adds a measurement to a group. */
  public void add(
      Group group,
      long timestampMicros,
      long latencyMicros,
      boolean success,
      @Nullable String metadata) {
    (success ? group.successes : group.failures).add(timestampMicros, latencyMicros, metadata);
    size++;
  }

  /** How many measurements there are. */
  public int size() {
    return size;
  }

  /**
   * Removes what has expired.
   *
   * @param cutoff the moment before which everything of a component has
   * @return whether there was any
   */
  public boolean expire(ToLongFunction<String> cutoff) {
    int before = size;
    for (Group group : nonEmptyGroups()) {
      long micros = cutoff.applyAsLong(group.series.component());
      int removed = group.successes.removeBefore(micros) + group.failures.removeBefore(micros);
      if (removed > 0) {
        expired.merge(group.series, (long) removed, Long::sum);
        size -= removed;
      }
    }
    return size < before;
  }

  /** How many measurements had expired, since the batch was empty, and are not in it any more. */
  public long expired() {
    return expired.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same by series. */
  public Map<Series, Long> expiredBySeries() {
    return Map.copyOf(expired);
  }

  /** The series that have a measurement, by id. */
  public Map<Long, Series> series() {
    Map<Long, Series> series = new HashMap<>();
    for (Group group : nonEmptyGroups()) {
      series.put(group.id, group.series);
    }
    return series;
  }

  /** Encodes everything into blocks, each series' in the order of time. */
  public void encode(Consumer<Block> sink) {
    for (Group group : nonEmptyGroups()) {
      for (boolean success : new boolean[] {true, false}) {
        Columns columns = success ? group.successes : group.failures;
        columns.sort();
        encoder.encode(group.id, success, columns, sink);
      }
    }
  }

  /** Everything in the order of time. */
  public TimeOrdered inTimeOrder() {
    ordered.clear();
    for (Group group : nonEmptyGroups()) {
      ordered.add(group.id, true, group.successes);
      ordered.add(group.id, false, group.failures);
    }
    ordered.sort();
    return ordered;
  }

  /** Empties the batch, to be filled again. */
  public void clear() {
    for (Map<String, Group> ofComponent : groups.values()) {
      ofComponent.values().removeIf(Group::isEmpty);
      for (Group group : ofComponent.values()) {
        group.successes.clear();
        group.failures.clear();
      }
    }
    groups.values().removeIf(Map::isEmpty);
    expired.clear();
    size = 0;
  }

  private List<Group> nonEmptyGroups() {
    List<Group> found = new ArrayList<>();
    for (Map<String, Group> ofComponent : groups.values()) {
      for (Group group : ofComponent.values()) {
        if (!group.isEmpty()) {
          found.add(group);
        }
      }
    }
    return found;
  }
}
