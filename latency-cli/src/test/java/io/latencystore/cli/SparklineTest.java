package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SparklineTest {

  @Test
  void drawsFromTheLowestToTheHighest() {
    assertThat(Sparkline.of(values(10, 11, 12, 13, 14, 15, 16, 17))).isEqualTo("▁▂▃▄▅▆▇█");
  }

  @Test
  void leavesAGapWhereThereIsNothing() {
    assertThat(Sparkline.of(List.of(OptionalLong.of(1), OptionalLong.empty(), OptionalLong.of(2))))
        .isEqualTo("▁ █");
  }

  @Test
  void drawsEqualValuesAndExtremes() {
    assertThat(Sparkline.of(values(5, 5))).isEqualTo("▁▁");
    assertThat(Sparkline.of(values(Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo("▁█");
    assertThat(Sparkline.of(List.of())).isEmpty();
  }

  private static List<OptionalLong> values(long... values) {
    return LongStream.of(values).mapToObj(OptionalLong::of).toList();
  }
}
