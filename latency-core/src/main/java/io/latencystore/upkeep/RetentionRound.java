package io.latencystore.upkeep;

import io.latencystore.MaintenanceStep.Kind;
import io.latencystore.Micros;
import io.latencystore.RetentionReport;
import io.latencystore.layout.Cutoffs;
import io.latencystore.layout.Expired;
import io.latencystore.layout.Pace;
import io.latencystore.layout.Startup;
import io.latencystore.spool.Failpoint;
import io.latencystore.sql.Database;
import io.latencystore.sql.Session;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Deletes everything before the cutoffs, in short steps, and gives the space back. For one thread.
 */
final class RetentionRound {

  /** This part of the whole may stay unused for what comes next, unless somebody wants it back. */
  private static final int SPARE = 8;

  private static final int LEAST_BYTES = 1 << 20;

  /** A commit may move that into the file as well, which no smaller step has shown before. */
  private static final int MOST_BYTES = 4 << 20;

  private final Database database;
  private final Startup.Opened opened;
  private final Cutoffs cutoffs;
  private final boolean explicit;
  private final MaintenanceSteps steps;
  private final Pace deleting;
  private final Pace givingBack = new Pace(LEAST_BYTES, MOST_BYTES);
  private final Deque<BooleanSupplier> phases = new ArrayDeque<>();
  private long measurements;
  private long bytesGivenBack;

  /**
   * A round whose steps are left to be taken.
   *
   * @param components all that there are
   * @param explicit whether somebody asked for it, who gets all space back
   * @param deleting how much is deleted at once
   */
  RetentionRound(
      Database database,
      Startup.Opened opened,
      Cutoffs cutoffs,
      Set<String> components,
      boolean explicit,
      MaintenanceSteps steps,
      Pace deleting) {
    this.database = database;
    this.opened = opened;
    this.cutoffs = cutoffs;
    this.explicit = explicit;
    this.steps = steps;
    this.deleting = deleting;
    if (!cutoffs.isNone()) {
      plan(components);
    }
  }

  private void plan(Set<String> components) {
    // Every component is past the earliest of their cutoffs.
    long past =
        Math.max(
            cutoffs.all(), components.stream().mapToLong(cutoffs::of).min().orElse(Long.MIN_VALUE));
    phases.add(() -> drop(past));
    phases.add(() -> expire(new Expired(null, cutoffs.all())));
    cutoffs
        .components()
        .forEach(
            (component, before) -> {
              if (before > cutoffs.all()) {
                phases.add(() -> expire(new Expired(component, before)));
              }
            });
    phases.add(this::giveBack);
    phases.add(this::shrink);
  }

  /** Takes a step; returns whether there may be another. */
  boolean step() {
    BooleanSupplier phase = phases.peek();
    if (phase != null && !phase.getAsBoolean()) {
      phases.remove();
    }
    return !phases.isEmpty();
  }

  private boolean drop(long past) {
    return delete(
        () -> {
          long dropped = opened.layout().drop(opened.connections(), past);
          Failpoint.pass("dropped");
          return dropped;
        });
  }

  private boolean expire(Expired expired) {
    return delete(
        () -> {
          long deleted = opened.layout().expire(opened.connections(), expired, deleting);
          Failpoint.pass("expired");
          return deleted;
        });
  }

  private boolean delete(LongSupplier step) {
    long deleted = steps.take(Kind.EXPIRE, step);
    measurements += deleted;
    return deleted > 0;
  }

  private boolean giveBack() {
    long unused = opened.connections().read(this::toGiveBack);
    if (unused <= 0) {
      return false;
    }
    long most = Math.min(unused, givingBack.most());
    long given =
        steps.take(
            Kind.GIVE_BACK,
            () ->
                givingBack.write(
                    opened.connections(),
                    session -> database.giveBack(session.connection(), most)));
    Failpoint.pass("given-back");
    bytesGivenBack += given;
    return given > 0;
  }

  /** Where a log is written ahead of the file, that becomes smaller only now. */
  private boolean shrink() {
    if (explicit && bytesGivenBack > 0) {
      opened.connections().maintain(session -> database.makeDurable(session.connection()));
    }
    return false;
  }

  private long toGiveBack(Session session) throws SQLException {
    long unused = database.unusedBytes(session.connection());
    return explicit || unused == 0
        ? unused
        : unused - database.sizeBytes(session.connection()) / SPARE;
  }

  /** What was done so far. */
  RetentionReport report() {
    return report(cutoffs, measurements, bytesGivenBack);
  }

  static RetentionReport report(Cutoffs cutoffs, long measurements, long bytesGivenBack) {
    return new RetentionReport(
        Cutoffs.instant(cutoffs.all()),
        cutoffs.components().entrySet().stream()
            .filter(entry -> entry.getValue() > cutoffs.all())
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> Micros.toInstant(entry.getValue()))),
        measurements,
        bytesGivenBack);
  }
}
