package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastCommandTest {

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void printsTheLatestFirst() throws IOException {
    latency.given("1,5,a,b,true,", "3,7,a,\"c\n\",false,m", "2,6,a,b,true,\"\"");

    Outcome outcome = latency.run("last", "--json", "-n", "2");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            {"measurements":[\
            {"timestamp_us":3,"latency_us":7,"component":"a","command":"c\\n",\
            "success":false,"metadata":"m"},\
            {"timestamp_us":2,"latency_us":6,"component":"a","command":"b",\
            "success":true,"metadata":""}]}
            """);
  }

  @Test
  void printsTenIfNoNumberIsNamed() throws IOException {
    String[] rows = new String[12];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i + ",5,a,b,true,";
    }
    latency.given(rows);

    assertThat(latency.run("last").out().lines()).hasSize(11);
  }

  @Test
  void printsATableForPeople() throws IOException {
    latency.given("1,1234,a,\"c\nd\",false,\"{\"\"k\"\":1}\"", "2,6,内容,b,true,");

    assertThat(latency.run("last").out())
        .isEqualTo(
            """
            timestamp                    latency  component  command  outcome  metadata
            1970-01-01T00:00:00.000002Z     6 µs  内容       b        success
            1970-01-01T00:00:00.000001Z  1.23 ms  a          c\\nd     failure  {"k":1}
            """);
  }

  @Test
  void refusesANegativeNumber() {
    Outcome outcome = latency.run("last", "-n", "-1");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).isEqualTo("latency: -n -1 is negative\n");
  }
}
