package io.latencystore;

import io.latencystore.InvalidMeasurementException.Reason;
import java.util.Map;

/**
 * What became of everything this store was given since it was opened. At every quiet moment {@code
 * recorded + appended = committed + pending + dropped}.
 *
 * @param state how the store is doing
 * @param recorded measurements taken from {@code record} and recorders
 * @param appended measurements taken from {@code append}
 * @param adopted measurements that dead processes had left in their spools, taken over by this
 *     store
 * @param committed measurements that are committed in the database
 * @param pending measurements taken and not yet committed
 * @param dropped measurements taken and lost, because there was no room or the database refused
 *     them
 * @param rejected values that were refused at the door and are in no other figure, by reason
 */
public record StoreStats(
    StoreState state,
    long recorded,
    long appended,
    long adopted,
    long committed,
    long pending,
    long dropped,
    Map<Reason, Long> rejected) {

  /** Stats of these figures. */
  public StoreStats {
    rejected = Map.copyOf(rejected);
  }
}
