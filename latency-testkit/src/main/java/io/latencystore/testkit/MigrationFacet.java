package io.latencystore.testkit;

import static io.latencystore.testkit.Sample.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Schemas of several versions. */
interface MigrationFacet extends StoreFixture {

  /** Where the migrations of the contract lie on the class path. */
  String MIGRATIONS = "io/latencystore/testkit/migrations/";

  private FaultyDialect nextVersion() {
    return new FaultyDialect(dialect()).alsoMigrating(MIGRATIONS + "V9000__one_more_table.sql");
  }

  @Test
  default void anUpgradeKeepsWhatIsStored() {
    try (LatencyStore old = open()) {
      old.append(numbered(0, 100));
    }

    try (LatencyStore upgraded = open(nextVersion(), builder -> builder)) {
      assertThat(upgraded.check().schemaVersion()).isEqualTo("9000");
      assertThat(upgraded.append(numbered(100, 110))).isEqualTo(10);
      assertThat(upgraded.last(LatencyQuery.all(), 1_000))
          .containsExactlyInAnyOrderElementsOf(numbered(0, 110));
    }
  }

  @Test
  default void aMigrationThatFailsStopsTheOpenAndLeavesTheOldVersion() {
    FaultyDialect failing =
        new FaultyDialect(dialect()).alsoMigrating(MIGRATIONS + "V9000__fails_half_way.sql");
    String version;
    try (LatencyStore old = open()) {
      old.append(numbered(0, 100));
      version = old.check().schemaVersion();
    }

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> open(failing, builder -> builder))
        .withMessageContaining("migrate")
        .withMessageContaining("latency_contract_no_such_table");

    try (LatencyStore old = open()) {
      assertThat(old.check().schemaVersion()).isEqualTo(version);
      assertThat(old.summarize(LatencyQuery.all()).count()).isEqualTo(100);
      assertThat(old.append(numbered(100, 101))).isEqualTo(1);
    }
    try (LatencyStore mended = open(nextVersion(), builder -> builder)) {
      assertThat(mended.check().schemaVersion()).isEqualTo("9000");
      assertThat(mended.summarize(LatencyQuery.all()).count()).isEqualTo(101);
    }
  }

  @Test
  default void aNewerSchemaIsRefusedAndNotChanged() {
    try (LatencyStore newer = open(nextVersion(), builder -> builder)) {
      newer.append(numbered(0, 100));
    }

    assertThatExceptionOfType(StoreIncompatibleException.class)
        .isThrownBy(this::open)
        .withMessageContaining("version 9000")
        .withMessageContaining("newer");

    try (LatencyStore newer = open(nextVersion(), builder -> builder)) {
      assertThat(newer.check().schemaVersion()).isEqualTo("9000");
      assertThat(newer.summarize(LatencyQuery.all()).count()).isEqualTo(100);
    }
  }

  @Test
  default void storesThatStartAtOnceMigrateOnce() throws Exception {
    List<Callable<Long>> starts =
        IntStream.range(0, 4)
            .<Callable<Long>>mapToObj(
                n ->
                    () -> {
                      try (LatencyStore store = open()) {
                        return store.append(numbered(n * 10L, n * 10L + 10));
                      }
                    })
            .toList();

    List<Long> appended = InThreads.run(starts);

    assertThat(appended).containsOnly(10L);
    try (LatencyStore store = open()) {
      assertThat(store.last(LatencyQuery.all(), 100))
          .containsExactlyInAnyOrderElementsOf(numbered(0, 40));
    }
  }
}
