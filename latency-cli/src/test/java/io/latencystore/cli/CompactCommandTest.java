package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactCommandTest {

  private static final long HOUR = 3_600_000_000L;

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  /** Five blocks of one measurement each in one hour, and something a year later. */
  private void givenSmallBlocks() throws IOException {
    for (int i = 0; i < 5; i++) {
      latency.given(i + "," + i + ",a,b,true,");
    }
    latency.given(HOUR * 24 * 365 + ",5,a,b,true,");
  }

  @Test
  void mergesSmallBlocksAndSaysHowMany() throws IOException {
    givenSmallBlocks();

    assertThat(latency.run("compact", "--json").out())
        .isEqualTo("{\"merged\":5,\"made\":1,\"measurements\":5,\"damaged\":0}\n");
    assertThat(latency.run("compact", "--json").out())
        .isEqualTo("{\"merged\":0,\"made\":0,\"measurements\":0,\"damaged\":0}\n");
    assertThat(latency.run("status", "--json").out()).contains("\"measurements\":6,");
  }

  @Test
  void aDryRunChangesNothing() throws IOException {
    givenSmallBlocks();

    assertThat(latency.run("compact", "--dry-run").out())
        .isEqualTo(
            """
            small blocks          5
            would become          1
            measurements in them  5
            damaged blocks        0
            """);
    assertThat(latency.run("compact", "--json").out()).startsWith("{\"merged\":5,");
  }

  @Test
  void printsATableForPeople() throws IOException {
    givenSmallBlocks();

    assertThat(latency.run("compact").out()).contains("became                1\n");
  }
}
