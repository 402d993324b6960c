package io.latencystore.testkit;

import io.latencystore.testkit.ChaosProxy.Side;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link ChaosProxy} was told, and what that means for each message that comes by. Safe for
 * use by any thread.
 */
final class ChaosScript {

  /** What becomes of a message, and of its connection. */
  enum Verdict {
    FORWARD,
    CUT_BEFORE,
    CUT_AFTER,
    FREEZE_BEFORE,
    FREEZE_AFTER
  }

  private static final class Rule {
    private final PostgresMessage message;
    private final Verdict verdict;
    private long left;

    Rule(PostgresMessage message, long n, Verdict verdict) {
      this.message = message;
      this.verdict = verdict;
      this.left = n;
    }
  }

  /** One direction of one connection. */
  private record Flow(ChaosConnection connection, Side from) {}

  private final List<Rule> rules = new ArrayList<>();
  private final Set<Side> frozen = EnumSet.noneOf(Side.class);
  private final Set<Flow> frozenFlows = new HashSet<>();
  private long delayNanos;
  private long strikes;

  synchronized void add(PostgresMessage message, long n, Verdict verdict) {
    rules.add(new Rule(message, n, verdict));
  }

  synchronized void freeze(Side from) {
    frozen.add(from);
  }

  synchronized void freeze(ChaosConnection connection, Side from) {
    frozenFlows.add(new Flow(connection, from));
  }

  synchronized void delay(long nanos) {
    delayNanos = nanos;
    notifyAll();
  }

  synchronized void clear() {
    rules.clear();
    frozen.clear();
    frozenFlows.clear();
    delayNanos = 0;
    notifyAll();
  }

  /** Lets whatever waits look again at its connection. */
  synchronized void connectionChanged() {
    notifyAll();
  }

  synchronized void forget(ChaosConnection connection) {
    frozenFlows.removeIf(flow -> flow.connection == connection);
  }

  synchronized long strikes() {
    return strikes;
  }

  /** Counts a message; a rule whose number it has strikes, and is gone. */
  synchronized Verdict meet(Side from, char type, String text) {
    Verdict verdict = Verdict.FORWARD;
    for (Rule rule : List.copyOf(rules)) {
      if (rule.message.isLike(from, type, text) && --rule.left == 0) {
        rules.remove(rule);
        strikes++;
        verdict = rule.verdict;
      }
    }
    return verdict;
  }

  /** Waits while what this side sends is frozen. */
  synchronized void awaitThaw(ChaosConnection connection, Side from) throws InterruptedException {
    Flow flow = new Flow(connection, from);
    while (connection.forwards(from) && (frozen.contains(from) || frozenFlows.contains(flow))) {
      wait();
    }
  }

  /** Waits for as long as everything is delayed. */
  synchronized void awaitDelay(ChaosConnection connection, Side from) throws InterruptedException {
    long start = System.nanoTime();
    long left = delayNanos;
    while (connection.forwards(from) && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = delayNanos - (System.nanoTime() - start);
    }
  }
}
