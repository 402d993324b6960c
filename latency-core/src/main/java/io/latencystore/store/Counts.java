package io.latencystore.store;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** A count for each of some reasons. Safe for use by any thread. */
final class Counts<K extends Enum<K>> {

  private final Map<K, LongAdder> counts;

  /** Counts that are zero. */
  Counts(Class<K> reasons) {
    counts = new EnumMap<>(reasons);
    for (K reason : reasons.getEnumConstants()) {
      counts.put(reason, new LongAdder());
    }
  }

  void add(K reason, long count) {
    LongAdder known = counts.get(reason);
    if (known != null) {
      known.add(count);
    }
  }

  /** The counts that are not zero. */
  Map<K, Long> byReason() {
    Map<K, Long> found = new HashMap<>();
    counts.forEach((reason, count) -> found.put(reason, count.sum()));
    found.values().removeIf(count -> count == 0);
    return found;
  }
}
