package io.latencystore.layout;

import io.latencystore.sql.Connections;
import java.util.concurrent.TimeUnit;

/**
 * How much a step takes on, so that it keeps others waiting for some 20 milliseconds at most: half
 * as much after one that took longer, twice as much after one that was quick. For one thread.
 */
public final class Pace {

  private static final long GOAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final int least;
  private final int greatest;
  private int most;

  /** A pace that begins with the least. */
  public Pace(int least, int greatest) {
    this.least = least;
    this.greatest = greatest;
    this.most = least;
  }

  /** How much the next step may take on. */
  public int most() {
    return most;
  }

  /** Takes a step in a transaction that writes, and learns from how long that took. */
  public <T> T write(Connections connections, Connections.Work<T> step) {
    long[] begun = new long[1];
    T result =
        connections.write(
            session -> {
              begun[0] = System.nanoTime();
              return step.run(session);
            });
    learn(System.nanoTime() - begun[0]);
    return result;
  }

  private void learn(long nanos) {
    if (nanos > GOAL_NANOS) {
      most = Math.max(least, most / 2);
    } else if (nanos < GOAL_NANOS / 2) {
      most = Math.min(greatest, most * 2);
    }
  }
}
