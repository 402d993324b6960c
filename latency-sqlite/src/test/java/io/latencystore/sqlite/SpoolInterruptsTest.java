package io.latencystore.sqlite;

import static io.latencystore.sqlite.SpoolStores.assertBalanced;
import static io.latencystore.sqlite.SpoolStores.assertNumbered;
import static io.latencystore.sqlite.SpoolStores.eager;
import static io.latencystore.sqlite.SpoolStores.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.FlushResult;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreState;
import io.latencystore.policy.SyncPolicy;
import io.latencystore.testkit.Await;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts of the host's threads and of the store's own, which a host can find by name. */
@Timeout(60)
final class SpoolInterruptsTest {

  private static final int RECORDERS = 3;
  private static final int RECORDS = 500_000;

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);

  private Path file() {
    return directory.resolve("latency.db");
  }

  private static List<Thread> threads(Predicate<String> names) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> names.test(thread.getName()))
        .toList();
  }

  private static List<Thread> ofTheStore() {
    List<Thread> found = threads(name -> name.matches("latency-(writer|keeper)"));
    assertThat(found).hasSize(2);
    return found;
  }

  private static List<Thread> start(LatencyStore store) {
    List<Thread> recorders = new ArrayList<>();
    for (int i = 0; i < RECORDERS; i++) {
      String component = "recorder-" + i;
      Thread recorder =
          new Thread(
              () -> {
                for (int n = 0; n < RECORDS; n++) {
                  store.record(measurement(component, n));
                }
              },
              component);
      recorder.start();
      recorders.add(recorder);
    }
    return recorders;
  }

  /** An interrupted close used to leave the threads of the pool behind. */
  @AfterEach
  void noThreadIsLeft() throws Exception {
    Await.until(
        "no thread of a store is left",
        Duration.ofSeconds(10),
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("latency-")));
  }

  private static LatencyMeasurement measurement(String component, long number) {
    String metadata = number % 100 == 0 ? "m".repeat((int) (number % 1_000)) : null;
    return LatencyMeasurement.ofMicros(
        Numbered.NOON + number, number, component, "command", true, metadata);
  }

  /** Interrupts some of these at random until the recorders are done. */
  private void interrupt(List<Thread> victims, List<Thread> recorders) {
    while (recorders.stream().anyMatch(Thread::isAlive)) {
      victims.get(random.nextInt(victims.size())).interrupt();
      LockSupport.parkNanos(random.nextInt(200_000));
    }
  }

  private void assertEverythingIsStored(LatencyStore store) {
    assertThat(store.flush(Duration.ofSeconds(30)))
        .as("seed %d", seed)
        .isEqualTo(FlushResult.STORED);
    for (int i = 0; i < RECORDERS; i++) {
      assertNumbered(store, "recorder-" + i, RECORDS);
    }
    assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    assertBalanced(store.stats(), "seed " + seed);
  }

  @Test
  void interruptedRecordersRecordEverything() throws Exception {
    try (LatencyStore store = eager(file()).spoolLimit(4 << 20).open()) {
      List<Thread> recorders = start(store);

      interrupt(recorders, recorders);

      assertEverythingIsStored(store);
    }
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
  }

  @Test
  void aStoreWhoseOwnThreadsAreInterruptedStoresEverything() throws Exception {
    try (LatencyStore store =
        eager(file()).spoolLimit(4 << 20).sync(SyncPolicy.every(Duration.ofMillis(100))).open()) {
      List<Thread> recorders = start(store);

      interrupt(ofTheStore(), recorders);

      assertEverythingIsStored(store);
    }
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
  }

  @Test
  void aStoreWhoseOwnThreadsWereInterruptedStillAdopts() throws Exception {
    LatencyStore.open("sqlite:" + file()).close();
    try (LatencyStore store = eager(file()).open();
        SpoolProcess dead =
            SpoolProcess.start(
                directory, "record-for-ever-lazily", "sqlite:" + file(), "dead", 0)) {
      dead.awaitReady();
      Await.until(
          "some is recorded", Duration.ofSeconds(30), () -> dead.acknowledged().total() > 10_000);

      ofTheStore().forEach(Thread::interrupt);
      dead.kill();

      Await.until(
          "it is adopted",
          Duration.ofSeconds(20),
          () -> store.stats().adopted() >= dead.acknowledged().total());
      SpoolStores.awaitAdoption(file());
      dead.assertStored(store.summarizeBySeries(LatencyQuery.all()));
      assertThat(store.stats().state()).isEqualTo(StoreState.HEALTHY);
    }
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
  }

  @Test
  void aStoreWhoseOwnThreadsWereInterruptedIsIdleAgain() throws Exception {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    try (LatencyStore store = eager(file()).open()) {
      record(store, "c", 0, 1_000);
      assertThat(store.flush()).isEqualTo(FlushResult.STORED);
      List<Thread> own = ofTheStore();

      own.forEach(Thread::interrupt);
      LockSupport.parkNanos(200_000_000);

      for (Thread each : own) {
        long before = times.getThreadCpuTime(each.getId());
        LockSupport.parkNanos(400_000_000);
        Duration busy = Duration.ofNanos(times.getThreadCpuTime(each.getId()) - before);
        assertThat(busy).as(each.getName()).isLessThan(Duration.ofMillis(100));
      }
    }
  }

  @Test
  void anInterruptedThreadThatOpensAndClosesTakesNobodysLock() throws Exception {
    try (LatencyStore first = eager(file()).open()) {
      record(first, "c", 0, 100);
      Thread.currentThread().interrupt();
      try {
        eager(file()).open().close();
      } catch (RuntimeException e) {
        assertThat(e).hasMessageContaining(file().toString());
      }
      Thread.interrupted();

      record(first, "c", 100, 200);
      assertThat(first.flush()).isEqualTo(FlushResult.STORED);
      try (LatencyStore second = eager(file()).open()) {
        record(second, "d", 0, 100);
        assertThat(second.flush()).isEqualTo(FlushResult.STORED);
        assertNumbered(second, "c", 200);
      }
    }
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
  }

  @Test
  void anInterruptedThreadThatOpensIsStillInterrupted() {
    Thread.currentThread().interrupt();
    try {
      eager(file()).open().close();
    } catch (RuntimeException e) {
      assertThat(e).hasMessageContaining(file().toString());
    }

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aThreadThatIsInterruptedClosesAndLosesNothing() throws Exception {
    LatencyStore store = eager(file()).open();
    record(store, "c", 0, 1_000);
    Thread.currentThread().interrupt();

    store.close();

    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(Files.exists(SpoolStores.spools(file()))).isFalse();
    try (LatencyStore next = LatencyStore.open("sqlite:" + file())) {
      assertNumbered(next, "c", 1_000);
    }
  }

  @Test
  void aThreadThatIsInterruptedAgainAndAgainWhileItFlushesAndClosesLosesNothing() throws Exception {
    LatencyStore store = eager(file()).open();
    Thread closing =
        new Thread(
            () -> {
              for (int i = 0; i < 20; i++) {
                record(store, "c", 500L * i, 500L * (i + 1));
                store.flush();
              }
              store.close();
            },
            "closing");
    closing.start();

    interrupt(List.of(closing), List.of(closing));

    assertBalanced(store.stats(), "seed " + seed);
    assertThat(store.stats().committed()).as("seed %d", seed).isEqualTo(10_000);
    assertThat(Files.exists(SpoolStores.spools(file()))).as("seed %d", seed).isFalse();
  }
}
