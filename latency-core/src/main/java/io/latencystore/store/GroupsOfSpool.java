package io.latencystore.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.Series;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.block.MeasurementBatch.Group;
import io.latencystore.spool.SpoolReader;
import io.latencystore.spool.SpoolVisitor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Adds what a spool holds to a batch, looking each series up once. For one thread. */
final class GroupsOfSpool implements SpoolVisitor {

  private final SpoolReader spool;
  private final MeasurementBatch batch;
  private @Nullable Group[] groups = new @Nullable Group[64];
  private long nameless;

  GroupsOfSpool(SpoolReader spool, MeasurementBatch batch) {
    this.spool = spool;
    this.batch = batch;
  }

  @Override
  public void measurement(
      int series,
      boolean success,
      long timestampMicros,
      long latencyMicros,
      byte @Nullable [] metadata) {
    Group group = series < groups.length ? groups[series] : null;
    if (group == null) {
      group = find(series);
    }
    if (group == null) {
      nameless++;
    } else {
      batch.add(group, timestampMicros, latencyMicros, success, text(metadata));
    }
  }

  private @Nullable Group find(int index) {
    Series series = spool.series(index);
    if (series == null) {
      return null;
    }
    if (index >= groups.length) {
      groups = Arrays.copyOf(groups, Math.max(index + 1, groups.length * 2));
    }
    Group group = batch.group(series);
    groups[index] = group;
    return group;
  }

  /** How many measurements had lost the names of their series. */
  long nameless() {
    return nameless;
  }

  /** Forgets the groups, when the batch is cleared. */
  void clear() {
    Arrays.fill(groups, null);
  }

  static @Nullable String text(byte @Nullable [] metadata) {
    return metadata == null ? null : new String(metadata, UTF_8);
  }
}
