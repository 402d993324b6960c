package io.latencystore.layout;

import io.latencystore.Micros;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The moments, in microseconds since the epoch, before which everything has expired. They only ever
 * advance.
 *
 * @param all that of every component
 * @param components those of single components, which may be later
 */
public record Cutoffs(long all, Map<String, Long> components) {

  /** Nothing has expired. */
  public static final Cutoffs NONE = new Cutoffs(Long.MIN_VALUE, Map.of());

  /** Cutoffs; the map is copied. */
  public Cutoffs {
    components = Map.copyOf(components);
  }

  /** Whether nothing has expired. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** These, or those of others where they are later. */
  public Cutoffs advanced(Cutoffs others) {
    Map<String, Long> later = new HashMap<>(components);
    others.components.forEach((component, micros) -> later.merge(component, micros, Math::max));
    return new Cutoffs(Math.max(all, others.all), later);
  }

  /** The moment before which everything of a component has expired. */
  public long of(String component) {
    return Math.max(all, components.getOrDefault(component, Long.MIN_VALUE));
  }

  /** One of those moments, or null if it is the one before which there is nothing. */
  public static @Nullable Instant instant(long cutoff) {
    return cutoff == Long.MIN_VALUE ? null : Micros.toInstant(cutoff);
  }
}
