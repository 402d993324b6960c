package io.latencystore.cli;

import io.latencystore.cli.Surroundings.Reader;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A bar on standard error that shows how far a long task is, if a person is there to see it. */
final class Progress implements AutoCloseable {

  private static final int WIDTH = 30;
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Surroundings surroundings;
  private final String task;
  private final long total;
  private long drawnAtNanos = System.nanoTime();
  private int drawnLength;

  /** The progress of a task that is done when it has reached {@code total}. */
  Progress(Surroundings surroundings, String task, long total) {
    this.surroundings = surroundings;
    this.task = Printable.cell(task);
    this.total = total;
  }

  /** Says how far the task is; cheap enough to be called for every thousandth row. */
  void reached(long done) {
    long now = System.nanoTime();
    if (surroundings.messages() == Reader.PERSON && now - drawnAtNanos >= INTERVAL_NANOS) {
      drawnAtNanos = now;
      draw(total <= 0 ? 1 : Math.min(1, (double) done / total));
    }
  }

  private void draw(double share) {
    int full = (int) (share * WIDTH);
    String line =
        String.format(
            Locale.ROOT,
            "%s [%s%s] %3d %%",
            task,
            "#".repeat(full),
            ".".repeat(WIDTH - full),
            (int) (share * 100));
    surroundings.err().print("\r" + line);
    surroundings.err().flush();
    drawnLength = line.length();
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (drawnLength > 0) {
      surroundings.err().print("\r" + " ".repeat(drawnLength) + "\r");
      surroundings.err().flush();
    }
  }
}
