package io.latencystore.store;

import io.latencystore.StoreOptions;
import io.latencystore.layout.Startup;
import io.latencystore.spool.Failpoint;
import io.latencystore.spool.Orphan;
import io.latencystore.spool.SpoolDirectory;
import io.latencystore.sql.StateWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stores what processes that are dead have left in their spools, and removes those. Looks for them
 * every few seconds, and stores a segment at a time, so that what is recorded here need not wait.
 * For one thread; the counts may be read by any.
 */
final class Adoption {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final @Nullable SpoolDirectory directory;
  private final StoreOptions options;
  private final Attempts attempts;
  private final DeadLetters deadLetters;
  private final StateWatch watch;
  private final BooleanSupplier stopped;
  private final Deque<Orphan> waiting = new ArrayDeque<>();
  private final Delivered delivered = new Delivered();
  private @Nullable Inheritance current;
  private long lookedAt = System.nanoTime() - LOOK_NANOS;

  /** The orphan whose measurements are being stored, and the segments that are left of it. */
  private record Inheritance(Orphan orphan, Delivery delivery, Deque<Long> segments) {}

  Adoption(
      @Nullable SpoolDirectory directory,
      StoreOptions options,
      Attempts attempts,
      DeadLetters deadLetters,
      StateWatch watch,
      BooleanSupplier stopped) {
    this.directory = directory;
    this.options = options;
    this.attempts = attempts;
    this.deadLetters = deadLetters;
    this.watch = watch;
    this.stopped = stopped;
  }

  /**
   * Takes the next step, if there is one to take now.
   *
   * @return whether there was
   */
  boolean step(Startup.Opened opened) {
    try {
      Inheritance inheritance = current == null ? next(opened) : current;
      current = inheritance;
      if (inheritance == null) {
        return false;
      }
      if (inheritance.segments().isEmpty()) {
        current = null;
        finish(inheritance);
      } else {
        storeSegment(inheritance);
      }
    } catch (IOException | UncheckedIOException e) {
      watch.warn("a spool left behind cannot be read; it stays where it is", e);
      letGo();
    }
    return true;
  }

  private @Nullable Inheritance next(Startup.Opened opened) throws IOException {
    if (waiting.isEmpty() && directory != null && System.nanoTime() - lookedAt >= LOOK_NANOS) {
      lookedAt = System.nanoTime();
      waiting.addAll(directory.adopt(opened.storeId()));
    }
    Orphan orphan = waiting.poll();
    if (orphan == null) {
      return null;
    }
    Producer producer = new Producer(opened, options.clock(), orphan.producer());
    Delivery delivery =
        new Delivery(orphan, producer, attempts, deadLetters, watch, delivered, stopped);
    return new Inheritance(orphan, delivery, new ArrayDeque<>(orphan.segmentPositions()));
  }

  private void storeSegment(Inheritance inheritance) {
    Producer producer = inheritance.delivery().producer();
    long first = inheritance.segments().element();
    long end = Orphan.endOfSegment(first);
    if (!attempts.attempt(producer::register)) {
      attempts.pause();
      return;
    }
    if (producer.position() < end) {
      inheritance.delivery().deliver(Math.max(first, producer.position()), end);
      Failpoint.pass("adopted");
    }
    if (producer.position() >= end) {
      inheritance.segments().remove();
    }
  }

  private void finish(Inheritance inheritance) throws IOException {
    Orphan orphan = inheritance.orphan();
    if (orphan.damaged() + inheritance.delivery().nameless() > 0) {
      watch.report(
          "a spool left behind had "
              + orphan.damaged()
              + " damaged cells and "
              + inheritance.delivery().nameless()
              + " that had lost their series; its files are kept in "
              + orphan.place().keepAside());
    }
    orphan.place().remove(inheritance.delivery().producer()::remove);
  }

  /** How many measurements were adopted, by what became of them. */
  Delivered delivered() {
    return delivered;
  }

  /** Lets go of what is not stored, for whoever comes next. */
  void letGo() {
    if (current != null) {
      waiting.add(current.orphan());
      current = null;
    }
    for (Orphan orphan : waiting) {
      try {
        orphan.place().leave();
      } catch (IOException e) {
        watch.warn("a spool that was taken over could not be let go", e);
      }
    }
    waiting.clear();
  }
}
