package io.latencystore.upkeep;

import io.latencystore.LatencyQuery;
import io.latencystore.MaintenanceStats;
import io.latencystore.Micros;
import io.latencystore.RetentionReport;
import io.latencystore.layout.AdvanceCutoffs;
import io.latencystore.layout.Cutoffs;
import io.latencystore.layout.Pace;
import io.latencystore.layout.Startup;
import io.latencystore.layout.Stretch;
import io.latencystore.layout.UnexpiredSource;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.query.Aggregation;
import io.latencystore.query.Source;
import io.latencystore.spool.Failpoint;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Session;
import io.latencystore.sql.StateWatch;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies a retention policy, in rounds:
 *
 * <ol>
 *   <li>The policy is asked, in a snapshot, and the cutoffs advance; from then on nothing before
 *       them is seen any more, nor stored.
 *   <li>Tables all of which is before the cutoffs are dropped, where there are such.
 *   <li>The rest is deleted in short steps, also what an earlier round has left.
 *   <li>Space is given back: all of it if somebody asked for the round; else what exceeds an eighth
 *       of the whole, since what comes next may as well use it.
 * </ol>
 *
 * <p>A round that ends early, however it does, leaves nothing worse than work for the next. For one
 * thread at a time, except for what is known.
 */
final class Retention implements Chore {

  /** How many blocks or rows are deleted at once. */
  private static final int LEAST = 250;

  private static final int MOST = 10_000;

  private final Database database;
  private final @Nullable RetentionPolicy policy;
  private final Clock clock;
  private final MaintenanceSteps steps;
  private final ExpiryJudge judge;
  private final Pace deleting = new Pace(LEAST, MOST);
  private @Nullable RetentionRound current;
  private volatile MaintenanceStats stats = MaintenanceStats.NONE;

  /**
   * The retention of a database.
   *
   * @param policy what expires by and by, or null for nothing
   * @param ticker see {@link LeapGuard}
   */
  Retention(
      Database database,
      @Nullable RetentionPolicy policy,
      Clock clock,
      MaintenanceSteps steps,
      StateWatch watch,
      LongSupplier ticker) {
    this.database = database;
    this.policy = policy;
    this.clock = clock;
    this.steps = steps;
    this.judge = new ExpiryJudge(watch, ticker);
  }

  /** What is known of the upkeep; for any thread. */
  MaintenanceStats stats() {
    return stats;
  }

  @Override
  public boolean step(Startup.Opened opened) {
    RetentionRound round = current;
    current = null; // One that fails is over.
    if (round == null) {
      current = policy == null ? null : begin(opened, policy, false);
    } else if (round.step()) {
      current = round;
    }
    return current != null;
  }

  /** Does a round that somebody asks for. */
  RetentionReport apply(Startup.Opened opened, RetentionPolicy asked) {
    RetentionRound round = begin(opened, asked, true);
    while (round.step()) {
      // The steps are short, so that others come by in between.
    }
    return round.report();
  }

  private RetentionRound begin(Startup.Opened opened, RetentionPolicy asked, boolean explicit) {
    Connections connections = opened.connections();
    AtomicReference<@Nullable Stretch> span = new AtomicReference<>();
    Cutoffs advancing =
        connections.read(
            session -> {
              span.set(opened.layout().span(session));
              return ask(opened, session, span.get(), asked, explicit);
            });
    if (!advancing.isNone()) {
      connections.write(
          session -> {
            AdvanceCutoffs.run(session, advancing);
            Failpoint.pass("advancing");
            return true;
          });
      Failpoint.pass("advanced");
    }
    return connections.read(
        session -> {
          Cutoffs now = opened.selectCutoffs().run(session);
          StoredSnapshot stored = snapshot(opened, session, now, span.get());
          stats =
              new MaintenanceStats(
                  Cutoffs.instant(now.all()),
                  stored.oldest().orElse(null),
                  clock.instant(),
                  null,
                  null);
          return new RetentionRound(
              database, opened, now, stored.components(), explicit, steps, deleting);
        });
  }

  /** The cutoffs that the policy lets advance. */
  private Cutoffs ask(
      Startup.Opened opened,
      Session session,
      @Nullable Stretch span,
      RetentionPolicy asked,
      boolean explicit)
      throws SQLException {
    Cutoffs now = opened.selectCutoffs().run(session);
    StoredSnapshot stored = snapshot(opened, session, now, span);
    return judge.advancing(asked.expiry(stored), stored, now, explicit);
  }

  private StoredSnapshot snapshot(
      Startup.Opened opened, Session session, Cutoffs now, @Nullable Stretch span) {
    return new StoredSnapshot(session, opened.layout(), now, clock.instant(), span);
  }

  /** What a round that somebody asks for would do. */
  RetentionReport plan(Startup.Opened opened, RetentionPolicy asked) {
    return opened
        .connections()
        .read(
            session -> {
              Cutoffs now = opened.selectCutoffs().run(session);
              Cutoffs then =
                  now.advanced(ask(opened, session, opened.layout().span(session), asked, true));
              Source seen = new UnexpiredSource(opened.layout().source(session), now);
              return RetentionRound.report(then, count(seen, now, then), 0);
            });
  }

  /** How many measurements are between the cutoffs of now and those of then. */
  private static long count(Source seen, Cutoffs now, Cutoffs then) {
    LatencyQuery all = LatencyQuery.all().withoutPercentiles();
    long count = 0;
    if (then.all() > now.all()) {
      count += count(seen, all.window(null, Micros.toInstant(then.all())));
    }
    for (String component : then.components().keySet()) {
      if (then.of(component) > Math.max(then.all(), now.of(component))) {
        count +=
            count(
                seen,
                all.component(component)
                    .window(Cutoffs.instant(then.all()), Micros.toInstant(then.of(component))));
      }
    }
    return count;
  }

  private static long count(Source seen, LatencyQuery query) {
    return Aggregation.summarize(seen, query).count();
  }
}
