package io.latencystore.sql;

import io.latencystore.block.MeasurementBatch;
import io.latencystore.block.MeasurementBatch.Group;
import io.latencystore.spool.Spool;
import io.latencystore.spool.SpoolVisitor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Adds what a spool holds to a batch, looking each series up once. For one thread. */
final class GroupsOfSpool implements SpoolVisitor {

  private final Spool spool;
  private final MeasurementBatch batch;
  private @Nullable Group[] groups = new @Nullable Group[64];

  GroupsOfSpool(Spool spool, MeasurementBatch batch) {
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
    batch.add(group, timestampMicros, latencyMicros, success, SpoolWriter.text(metadata));
  }

  private Group find(int series) {
    if (series >= groups.length) {
      groups = Arrays.copyOf(groups, Math.max(series + 1, groups.length * 2));
    }
    Group group = batch.group(spool.series(series));
    groups[series] = group;
    return group;
  }

  /** Forgets the groups, when the batch is cleared. */
  void clear() {
    Arrays.fill(groups, null);
  }
}
