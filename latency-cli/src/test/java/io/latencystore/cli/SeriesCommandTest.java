package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesCommandTest {

  @TempDir private Path directory;

  @Test
  void printsEverySeriesInOrder() throws IOException {
    LatencyCommand latency = new LatencyCommand(directory);
    latency.given("1,5,b,x,true,", "2,5,a,\"\",true,", "3,5,a,y,true,", "4,5,b,x,true,");

    assertThat(latency.run("series", "--json").out())
        .isEqualTo(
            """
            {"series":[{"component":"a","command":""},{"component":"a","command":"y"},\
            {"component":"b","command":"x"}]}
            """);
    assertThat(latency.run("series").out())
        .isEqualTo(
            """
            component  command
            a
            a          y
            b          x
            """);
  }

  @Test
  void printsNoneOfAnEmptyStore() {
    assertThat(new LatencyCommand(directory).run("series", "--json").out())
        .isEqualTo("{\"series\":[]}\n");
  }
}
