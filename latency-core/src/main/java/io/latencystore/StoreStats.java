package io.latencystore;

import io.latencystore.InvalidMeasurementException.Reason;
import java.util.Map;

/**
 * What became of everything this store was given since it was opened. At every quiet moment {@code
 * recorded + adopted + appended = committed + pending + dropped}.
 *
 * @param state how the store is doing
 * @param recorded measurements taken from {@code record} and recorders
 * @param appended measurements taken from {@code append}
 * @param adopted measurements that dead processes had left in their spools, taken over by this
 *     store
 * @param committed measurements that are committed in the database
 * @param pending measurements taken and not yet committed
 * @param dropped measurements taken and not kept, by reason; a reason without any is not there
 * @param rejected values that were refused at the door and are in no other figure, by reason
 * @param maintenance what is known of the upkeep of what is stored
 */
public record StoreStats(
    StoreState state,
    long recorded,
    long appended,
    long adopted,
    long committed,
    long pending,
    Map<DropReason, Long> dropped,
    Map<Reason, Long> rejected,
    MaintenanceStats maintenance) {

  /** Stats of these figures. */
  public StoreStats {
    dropped = Map.copyOf(dropped);
    rejected = Map.copyOf(rejected);
  }

  /** Stats of these figures, of a database that no upkeep has looked at. */
  public StoreStats(
      StoreState state,
      long recorded,
      long appended,
      long adopted,
      long committed,
      long pending,
      Map<DropReason, Long> dropped,
      Map<Reason, Long> rejected) {
    this(
        state,
        recorded,
        appended,
        adopted,
        committed,
        pending,
        dropped,
        rejected,
        MaintenanceStats.NONE);
  }

  /** How many measurements were taken and not kept, for whatever reason. */
  public long totalDropped() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}
