package io.latencystore.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencyQuery;
import io.latencystore.block.Workload;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class TimeOrderedPagesTest {

  private static final int MOST_IN_A_PAGE = 65_536;

  @Property(tries = 300)
  void pagesTogetherAreEverythingInOrder(
      @ForAll Times times,
      @ForAll Latencies latencies,
      @ForAll Texts texts,
      @ForAll @IntRange(min = 0, max = 800) int count,
      @ForAll @IntRange(min = 1, max = 30) int series,
      @ForAll long seed) {
    int few = texts == Texts.LONG ? Math.min(count, 100) : count;
    List<LatencyMeasurement> measurements =
        new Workload(times, latencies, texts, few, series, seed).measurements();
    LatencyQuery query = new Queries(new Random(seed), measurements).next();

    List<LatencyMeasurement> read = new ArrayList<>();
    pages(MemorySource.inPieces(measurements, seed), query).forEach(read::addAll);

    assertThat(read)
        .isEqualTo(
            Naive.matching(measurements, query).stream().sorted(Naive.OLDEST_FIRST).toList());
  }

  private static List<List<LatencyMeasurement>> pages(MemorySource source, LatencyQuery query) {
    TimeOrderedPages pages = new TimeOrderedPages(query);
    List<List<LatencyMeasurement>> read = new ArrayList<>();
    for (List<LatencyMeasurement> page = pages.next(source);
        !page.isEmpty();
        page = pages.next(source)) {
      read.add(page);
    }
    assertThat(pages.next(source)).as("after the end").isEmpty();
    return read;
  }

  @Test
  void aBusyHourIsReadInSeveralPages() {
    List<LatencyMeasurement> measurements =
        new Workload(Times.STEADY, Latencies.LOGNORMAL, Texts.NONE, 300_000, 3, 1).measurements();

    List<List<LatencyMeasurement>> pages = pages(MemorySource.of(measurements), LatencyQuery.all());

    assertThat(pages.size()).isGreaterThan(4);
    assertThat(pages)
        .allSatisfy(page -> assertThat(page.size()).isLessThanOrEqualTo(MOST_IN_A_PAGE));
    List<LatencyMeasurement> read = new ArrayList<>();
    pages.forEach(read::addAll);
    assertThat(read).isEqualTo(measurements.stream().sorted(Naive.OLDEST_FIRST).toList());
  }

  @Test
  void aMicrosecondIsNeverDivided() {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    for (int i = 0; i < MOST_IN_A_PAGE + 10; i++) {
      measurements.add(LatencyMeasurement.ofMicros(Workload.BASE, i, "a", "b", true, null));
    }
    measurements.add(LatencyMeasurement.ofMicros(Workload.BASE + 1, 0, "a", "b", true, null));
    measurements.add(LatencyMeasurement.ofMicros(Long.MAX_VALUE, 0, "a", "b", true, null));

    List<List<LatencyMeasurement>> pages = pages(MemorySource.of(measurements), LatencyQuery.all());

    assertThat(pages.get(0)).hasSize(MOST_IN_A_PAGE + 10);
    assertThat(pages.stream().mapToInt(List::size).sum()).isEqualTo(measurements.size());
  }

  @Test
  void longMetadataMakesPagesSmaller() {
    List<LatencyMeasurement> measurements = new ArrayList<>();
    String text = "x".repeat(16 * 1024);
    for (int i = 0; i < 1_000; i++) {
      measurements.add(LatencyMeasurement.ofMicros(i, i, "a", "b", true, text));
    }

    List<List<LatencyMeasurement>> pages = pages(MemorySource.of(measurements), LatencyQuery.all());

    assertThat(pages.size()).isGreaterThan(3);
    assertThat(pages.stream().mapToInt(List::size).sum()).isEqualTo(1_000);
  }

  @Test
  void gapsOfCenturiesCostNoEmptyPages() {
    List<LatencyMeasurement> measurements =
        new Workload(Times.EXTREMES, Latencies.ZERO, Texts.NONE, 50, 2, 1).measurements();

    List<List<LatencyMeasurement>> pages = pages(MemorySource.of(measurements), LatencyQuery.all());

    assertThat(pages).hasSize(3);
  }

  @Test
  void whatArrivesAheadWhileReadingIsRead() {
    MemorySource source = MemorySource.of(List.of(at(0), at(1L << 50)));
    TimeOrderedPages pages = new TimeOrderedPages(LatencyQuery.all());
    assertThat(pages.next(source)).containsExactly(at(0));

    source.add(List.of(at(5), at(1L << 49)));

    assertThat(pages.next(source)).containsExactly(at(1L << 49));
    assertThat(pages.next(source)).containsExactly(at(1L << 50));
    assertThat(pages.next(source)).isEmpty();
  }

  private static LatencyMeasurement at(long timestampMicros) {
    return LatencyMeasurement.ofMicros(timestampMicros, 1, "a", "b", true, null);
  }
}
