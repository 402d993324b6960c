package io.latencystore.sqlite;

import static io.latencystore.sqlite.CompactionChild.AT_ONCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.CompactionReport;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import io.latencystore.StoreCorruptException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compaction that dies, meets damage, or runs in several processes at once. */
@Timeout(180)
final class CompactionFaultsTest {

  private static final int HALTED = 86;
  private static final long KILLS = Long.getLong("latency.kills", 8);
  private static final long SECONDS = Long.getLong("latency.processSeconds", 3);
  private static final int SMALL_BLOCKS = 3_000;

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private Path file() {
    return directory.resolve("latency.db");
  }

  private String url() {
    return "sqlite:" + file();
  }

  private Process start(List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", Child.classPath()));
    command.addAll(options);
    command.add(CompactionChild.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve("process" + processes.size() + ".err").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private static void awaitLine(Process process, String line) throws IOException {
    assertThat(
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine())
        .isEqualTo(line);
  }

  private List<LatencyMeasurement> storeSmallBlocks() {
    List<LatencyMeasurement> measurements =
        CompactionChild.measurements("component", 1, (long) SMALL_BLOCKS * AT_ONCE + 1);
    try (LatencyStore store = LatencyStore.builder(url()).relaxed().appendBatch(AT_ONCE).open()) {
      store.append(measurements);
    }
    return measurements;
  }

  private long blocks() throws Exception {
    return Long.parseLong(RawSql.row(file(), "SELECT count(*) FROM latency_block").get(0));
  }

  private void assertHolds(LatencyStore store, List<LatencyMeasurement> measurements) {
    try (Stream<LatencyMeasurement> all = store.stream(LatencyQuery.all())) {
      assertThat(all.toList().equals(measurements)).as("seed %d", seed).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"merging, true", "merged, true", "compacted, false"})
  void whereverItDiesTheOldBlocksAreThereOrTheNew(String failpoint, boolean old) throws Exception {
    List<LatencyMeasurement> measurements = storeSmallBlocks();
    long before = blocks();
    Process process = start(List.of("-Dio.latencystore.haltAt=" + failpoint), "compact", url());

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).isEqualTo(HALTED);
    if (old) {
      assertThat(blocks()).isEqualTo(before);
    } else {
      assertThat(blocks()).isLessThan(before);
    }
    try (LatencyStore store = LatencyStore.open(url())) {
      assertHolds(store, measurements);
      store.maintenance().compact();
      assertHolds(store, measurements);
    }
    assertThat(blocks()).isLessThan(before / 20);
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void killedAtAnyTimeItLosesAndDoublesNothing() throws Exception {
    List<LatencyMeasurement> measurements = storeSmallBlocks();
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start(List.of(), "compact", url());
      awaitLine(process, "ready");
      LockSupport.parkNanos(random.nextInt(60_000_000));
      process.destroyForcibly().waitFor();

      try (LatencyStore store = LatencyStore.open(url())) {
        assertHolds(store, measurements);
      }
    }
    try (LatencyStore store = LatencyStore.open(url())) {
      store.maintenance().compact();
      assertHolds(store, measurements);
    }
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void aDamagedBlockStaysAndTheOthersAreMerged() throws Exception {
    storeSmallBlocks();
    String damaged =
        RawSql.row(file(), "SELECT id FROM latency_block ORDER BY id LIMIT 1 OFFSET 500").get(0);
    RawSql.execute(
        file(),
        "UPDATE latency_block SET payload = substr(payload, 1, length(payload) - 1) || x'7e' WHERE id = "
            + damaged);
    long before = blocks();
    try (LatencyStore store = LatencyStore.open(url())) {
      CompactionReport result = store.maintenance().compact();

      assertThat(result.damaged()).isEqualTo(1);
      assertThat(result.fewer()).isGreaterThan(before * 19 / 20);
      assertThat(RawSql.row(file(), "SELECT count(*) FROM latency_block WHERE id = " + damaged))
          .containsExactly("1");
      assertThat(store.summarize(LatencyQuery.all().withoutPercentiles()).count())
          .as("by the headers")
          .isEqualTo(SMALL_BLOCKS * AT_ONCE);
      assertThatExceptionOfType(StoreCorruptException.class)
          .isThrownBy(() -> store.summarize(LatencyQuery.all()))
          .withMessageContaining("block " + damaged);
    }
  }

  @Test
  void fourProcessesAppendAndCompactAtOnceThoughSomeAreKilled() throws Exception {
    List<SpoolAcknowledged> acknowledged = new ArrayList<>();
    List<Process> alive = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end || alive.size() < 4) {
      String name = "p" + acknowledged.size();
      Path noted = directory.resolve(name + ".acknowledged");
      acknowledged.add(SpoolAcknowledged.in(noted, 1));
      Process process = start(List.of(), "append", url(), name, noted.toString());
      awaitLine(process, "ready");
      alive.add(process);
      LockSupport.parkNanos(random.nextInt(500_000_000));
      if (alive.size() > 4) {
        alive.remove(random.nextInt(alive.size())).destroyForcibly().waitFor();
      }
    }
    for (Process process : alive) {
      process.outputWriter(UTF_8).append('\n').close();
    }
    for (Process process : alive) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }

    try (LatencyStore store = LatencyStore.open(url())) {
      assertStoredOnce(store.summarizeBySeries(LatencyQuery.all()), acknowledged);
      long appended = acknowledged.stream().mapToLong(each -> each.get(0)).sum() / AT_ONCE;
      assertThat(blocks()).as("blocks were merged meanwhile").isLessThan(appended / 2);
      store.maintenance().compact();
      assertStoredOnce(store.summarizeBySeries(LatencyQuery.all()), acknowledged);
      assertThat(store.maintenance().compact().merged()).isZero();
    }
    assertThat(RawSql.row(file(), "PRAGMA integrity_check")).containsExactly("ok");
  }

  private void assertStoredOnce(
      SortedMap<Series, LatencySummary> stored, List<SpoolAcknowledged> acknowledged) {
    for (int i = 0; i < acknowledged.size(); i++) {
      LatencySummary summary = stored.get(new Series("p" + i, "command"));
      long count = summary == null ? 0 : summary.count();
      long told = acknowledged.get(i).get(0);
      assertThat(count).as("p%d, seed %d", i, seed).isBetween(told, told + AT_ONCE);
      if (summary != null) {
        assertThat(summary.sumMicros()).isEqualTo(BigInteger.valueOf(count * (count + 1) / 2));
        assertThat(summary.max()).contains(Duration.ofNanos(count * 1_000));
      }
    }
  }
}
