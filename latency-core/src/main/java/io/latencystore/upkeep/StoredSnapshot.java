package io.latencystore.upkeep;

import static io.latencystore.sql.schema.Tables.LATENCY_SERIES;

import io.latencystore.Micros;
import io.latencystore.layout.Cutoffs;
import io.latencystore.layout.Layout;
import io.latencystore.layout.Stretch;
import io.latencystore.policy.StoredData;
import io.latencystore.sql.Session;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the session's transaction sees, for a policy. Looked up when it is asked for. */
final class StoredSnapshot implements StoredData {

  private final Session session;
  private final Layout layout;
  private final Cutoffs cutoffs;
  private final Instant clock;
  private final @Nullable String component;
  private final @Nullable Stretch span;
  private @Nullable List<Stretch> stretches;

  /**
   * A snapshot of everything.
   *
   * @param span from the oldest to the newest measurement, expired or not; null if there is none
   */
  StoredSnapshot(
      Session session, Layout layout, Cutoffs cutoffs, Instant clock, @Nullable Stretch span) {
    this(session, layout, cutoffs, clock, null, span);
  }

  /**
   * A snapshot of one component.
   *
   * @param span that of all components
   */
  private StoredSnapshot(
      Session session,
      Layout layout,
      Cutoffs cutoffs,
      Instant clock,
      @Nullable String component,
      @Nullable Stretch span) {
    this.session = session;
    this.layout = layout;
    this.cutoffs = cutoffs;
    this.clock = clock;
    this.component = component;
    this.span = span;
  }

  private long cutoff() {
    return component == null ? cutoffs.all() : cutoffs.of(component);
  }

  @Override
  public Instant now() {
    if (span == null) {
      return clock;
    }
    Instant newest = Micros.toInstant(span.lastMicros());
    return newest.isBefore(clock) ? newest : clock;
  }

  @Override
  public Optional<Instant> oldest() {
    if (component == null) {
      return span == null || span.lastMicros() < cutoff()
          ? Optional.empty()
          : Optional.of(Micros.toInstant(Math.max(span.firstMicros(), cutoff())));
    }
    return stretches().stream()
        .map(Stretch::firstMicros)
        .min(Comparator.naturalOrder())
        .map(first -> Micros.toInstant(Math.max(first, cutoff())));
  }

  @Override
  public Optional<Instant> newest() {
    if (component == null) {
      return span == null || span.lastMicros() < cutoff()
          ? Optional.empty()
          : Optional.of(Micros.toInstant(span.lastMicros()));
    }
    return stretches().stream()
        .map(Stretch::lastMicros)
        .max(Comparator.naturalOrder())
        .map(Micros::toInstant);
  }

  @Override
  public long measurements() {
    return stretches().stream().mapToLong(Stretch::measurements).sum();
  }

  @Override
  public long bytes() {
    return stretches().stream().mapToLong(Stretch::bytes).sum();
  }

  @Override
  public Set<String> components() {
    return session
        .dsl()
        .selectDistinct(LATENCY_SERIES.COMPONENT)
        .from(LATENCY_SERIES)
        .fetchSet(LATENCY_SERIES.COMPONENT);
  }

  @Override
  public StoredData component(String name) {
    return new StoredSnapshot(session, layout, cutoffs, clock, name, span);
  }

  /** Those that have not expired as a whole. */
  private List<Stretch> stretches() {
    if (stretches == null) {
      stretches =
          layout.stretches(session, component).stream()
              .filter(stretch -> stretch.lastMicros() >= cutoff())
              .toList();
    }
    return stretches;
  }

  @Override
  public Optional<Instant> sinceNewest(long measurements) {
    long found = 0;
    for (Stretch stretch :
        stretches().stream()
            .sorted(Comparator.comparingLong(Stretch::firstMicros).reversed())
            .toList()) {
      found += stretch.measurements();
      if (found >= measurements) {
        return Optional.of(Micros.toInstant(stretch.firstMicros()));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Instant> sinceBytes(long bytes) {
    long found = 0;
    for (Stretch stretch :
        stretches().stream()
            .sorted(Comparator.comparingLong(Stretch::lastMicros).reversed())
            .toList()) {
      boolean newest = found == 0;
      found += stretch.bytes();
      if (found > bytes && !newest) {
        return Optional.of(Micros.toInstant(stretch.lastMicros()).plusNanos(1_000));
      }
    }
    return Optional.empty();
  }
}
