package io.latencystore.upkeep;

import io.latencystore.Micros;
import io.latencystore.layout.Cutoffs;
import io.latencystore.policy.Expiry;
import io.latencystore.policy.Expiry.Cutoff;
import io.latencystore.policy.StoredData;
import io.latencystore.sql.StateWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says how far the cutoffs that a policy names advance. Those before which there is nothing do not,
 * and none goes beyond the newest measurement: nothing would be deleted, and what is yet to come
 * would be lost. See {@link LeapGuard} for others. For one thread.
 */
final class ExpiryJudge {

  private final StateWatch watch;
  private final LeapGuard guard;

  ExpiryJudge(StateWatch watch, LongSupplier ticker) {
    this.watch = watch;
    this.guard = new LeapGuard(ticker);
  }

  /**
   * The cutoffs that advance, and no others.
   *
   * @param now the cutoffs there are
   * @param explicit whether somebody asked for it, so that leaps need not wait
   */
  Cutoffs advancing(Expiry expiry, StoredData stored, Cutoffs now, boolean explicit) {
    long all = Long.MIN_VALUE;
    Map<String, Long> components = new HashMap<>();
    long newest = stored.newest().map(Micros::clamped).orElse(Long.MIN_VALUE);
    long behind = newest == Long.MAX_VALUE ? newest : newest + 1;
    for (Cutoff cutoff : expiry.cutoffs()) {
      long before = Math.min(behind, Micros.clamped(cutoff.before()));
      if (advances(cutoff, before, stored, now, explicit)) {
        String component = cutoff.component();
        if (component == null) {
          all = Math.max(all, before);
        } else {
          components.merge(component, before, Math::max);
        }
      }
    }
    long common = all;
    components.values().removeIf(before -> before <= common);
    return new Cutoffs(all, components);
  }

  private boolean advances(
      Cutoff cutoff, long to, StoredData stored, Cutoffs now, boolean explicit) {
    String component = cutoff.component();
    long known = component == null ? now.all() : now.of(component);
    long from = known;
    if (component == null || known == Long.MIN_VALUE) {
      // To look for the oldest of a component takes reading everything, so it is done only once.
      StoredData of = component == null ? stored : stored.component(component);
      Optional<Instant> oldest = of.oldest();
      if (oldest.isEmpty()) {
        return false;
      }
      from = Math.max(known, Micros.clamped(oldest.get()));
    }
    Duration age = cutoff.age();
    boolean passes = age == null || explicit || passes(component, age, from, to);
    return passes && to > from;
  }

  private boolean passes(@Nullable String component, Duration age, long from, long to) {
    return switch (guard.judge(component, age, from, to)) {
      case PASSES -> true;
      case WAITS -> false;
      case BEGINS_TO_WAIT -> {
        watch.report(
            "retention would expire everything "
                + (component == null ? "" : "of one component ")
                + "from "
                + Micros.toInstant(from)
                + " to "
                + Micros.toInstant(to)
                + " at once; in case it is the clock that leapt, that waits for 24 hours, or until"
                + " maintenance().applyRetention() is called");
        yield false;
      }
    };
  }
}
