package io.latencystore.sql;

import java.util.HashMap;
import java.util.Map;

/**
 * The moments, in microseconds since the epoch, before which everything has expired. They only ever
 * advance.
 *
 * @param all that of every component
 * @param components those of single components, which may be later
 */
record Cutoffs(long all, Map<String, Long> components) {

  /** Nothing has expired. */
  static final Cutoffs NONE = new Cutoffs(Long.MIN_VALUE, Map.of());

  Cutoffs {
    components = Map.copyOf(components);
  }

  boolean isNone() {
    return equals(NONE);
  }

  /** These, or those of others where they are later. */
  Cutoffs advanced(Cutoffs others) {
    Map<String, Long> later = new HashMap<>(components);
    others.components.forEach((component, micros) -> later.merge(component, micros, Math::max));
    return new Cutoffs(Math.max(all, others.all), later);
  }

  /** The moment before which everything of a component has expired. */
  long of(String component) {
    return Math.max(all, components.getOrDefault(component, Long.MIN_VALUE));
  }
}
