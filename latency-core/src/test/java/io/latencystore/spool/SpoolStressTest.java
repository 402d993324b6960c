package io.latencystore.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.Series;
import io.latencystore.SpoolOptions;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.SyncPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several producers, a reader that releases, pins and gives cells up at random, and a spool that is
 * much too small: what was accepted is read once and in order, and nothing else is.
 */
@Timeout(120)
final class SpoolStressTest {

  private static final int PRODUCERS = 4;
  private static final int APPENDS = 400_000;
  private static final byte[] TEXT = "@0123456789abcdef".repeat(1_000).getBytes(UTF_8);

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());

  /** What one producer did: bit {@code n} says whether its {@code n}-th append was accepted. */
  private static final class Accepted {
    final boolean[] numbers = new boolean[APPENDS];
  }

  @Test
  void inMemory() throws Exception {
    stress(null, OverflowPolicy.dropNewest());
  }

  @Test
  void inFiles() throws Exception {
    Path root = directory.resolve("stress.db.spool");

    stress(Spools.directory(root).create(Spools.PRODUCER), OverflowPolicy.dropNewest());

    assertThat(Files.exists(root)).isFalse();
  }

  @Test
  void waitingForRoomNothingIsDropped() throws Exception {
    long accepted = stress(null, OverflowPolicy.block(Duration.ofMinutes(1)));

    assertThat(accepted).isEqualTo((long) PRODUCERS * APPENDS);
  }

  private long stress(SpoolDirectory.@Nullable Place place, OverflowPolicy overflow)
      throws Exception {
    SpoolOptions options = new SpoolOptions(4L << 20, 100, SyncPolicy.everyFlush(), overflow);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Accepted> accepted = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    Reader reader;
    try (Spool spool = new Spool(Spools.PRODUCER, place, options)) {
      for (int i = 0; i < PRODUCERS; i++) {
        Accepted mine = new Accepted();
        accepted.add(mine);
        int producer = i;
        Thread thread =
            new Thread(() -> produce(spool, producer, mine, new Random(seed + producer)));
        thread.setUncaughtExceptionHandler((dead, e) -> failure.compareAndSet(null, e));
        threads.add(thread);
      }
      reader = new Reader(spool, new Random(seed), threads);
      threads.forEach(Thread::start);
      reader.run();
      for (Thread thread : threads) {
        thread.join();
      }
      reader.rest();
      spool.release(spool.tail());
      assertThat(spool.damaged()).as("seed %d", seed).isZero();
    }
    assertThat(failure.get()).as("seed %d", seed).isNull();
    long total = 0;
    for (int i = 0; i < PRODUCERS; i++) {
      assertThat(Arrays.equals(reader.read.get(i).numbers, accepted.get(i).numbers))
          .as("seed %d, producer %d", seed, i)
          .isTrue();
      for (boolean each : accepted.get(i).numbers) {
        total += each ? 1 : 0;
      }
    }
    assertThat(total).as("seed %d", seed).isGreaterThan(PRODUCERS * 1_000L);
    return total;
  }

  private static void produce(Spool spool, int producer, Accepted accepted, Random random) {
    int series = spool.define(new Series("producer" + producer, "command"));
    for (int n = 0; n < APPENDS; n++) {
      boolean success = n % 3 == 0;
      if (random.nextInt(200) == 0) {
        byte[] metadata = Arrays.copyOf(TEXT, random.nextInt(random.nextBoolean() ? 100 : 16_384));
        accepted.numbers[n] = spool.append(series, success, producer, n, metadata);
      } else {
        accepted.numbers[n] = spool.append(series, success, producer, n);
      }
    }
  }

  /** Reads, releases, pins and gives up, at random. */
  private static final class Reader {

    private final Spool spool;
    private final Random random;
    private final List<Thread> producers;
    private final Deque<Spool.Pin> pins = new ArrayDeque<>();
    private final List<Accepted> read = new ArrayList<>();
    private final long[] last = new long[PRODUCERS];
    private long position;

    Reader(Spool spool, Random random, List<Thread> producers) {
      this.spool = spool;
      this.random = random;
      this.producers = producers;
      for (int i = 0; i < PRODUCERS; i++) {
        read.add(new Accepted());
        last[i] = -1;
      }
    }

    void run() {
      while (producers.stream().anyMatch(Thread::isAlive)) {
        step();
      }
    }

    private void step() {
      long tail = spool.tail();
      long to = Math.min(tail, position + 1 + random.nextInt(3_000));
      position = spool.read(position, to, this::visit);
      int dice = random.nextInt(100);
      if (dice < 60) {
        spool.release(position);
      } else if (dice < 65 && pins.size() < 5) {
        Spool.Pin pin = spool.pin();
        pins.add(pin);
        spool.readPublished(pin.from(), pin.to(), (series, ok, timestamp, latency, metadata) -> {});
      } else if (dice < 75) {
        unpin();
      } else if (dice < 80) {
        spool.abandon(position, tail);
      }
    }

    private void unpin() {
      Spool.Pin pin = pins.poll();
      if (pin != null) {
        spool.readPublished(pin.from(), pin.to(), (series, ok, timestamp, latency, metadata) -> {});
        pin.close();
      }
    }

    void rest() {
      while (!pins.isEmpty()) {
        unpin();
      }
      position = spool.read(position, spool.tail(), this::visit);
      assertThat(position).isEqualTo(spool.tail());
    }

    private void visit(
        int series, boolean success, long producer, long number, byte @Nullable [] metadata) {
      int who = (int) producer;
      assertThat(number > last[who]).isTrue();
      last[who] = number;
      assertThat(success).isEqualTo(number % 3 == 0);
      if (metadata != null) {
        assertThat(Arrays.equals(metadata, Arrays.copyOf(TEXT, metadata.length))).isTrue();
      }
      read.get(who).numbers[(int) number] = true;
    }
  }
}
