package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineCommandTest {

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void printsEveryBucketEvenAnEmptyOne() throws IOException {
    latency.given("1,5,a,b,true,", "2000001,7,a,b,false,");

    Outcome outcome =
        latency.run(
            "timeline", "--json", "--bucket", "1s", "--percentiles", "50", "--component", "a");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .isEqualTo(
            """
            {"bucket_us":1000000,"buckets":[\
            {"start_us":0,"count":1,"errors":0,"error_rate":0.0,"rate_per_s":null,"sum_us":5,\
            "min_us":5,"max_us":5,"mean_us":5.000,"stddev_us":0.000,"percentiles_us":{"50":5}},\
            {"start_us":1000000,"count":0,"errors":0,"error_rate":0.0,"rate_per_s":null,"sum_us":0,\
            "min_us":null,"max_us":null,"mean_us":null,"stddev_us":null,"percentiles_us":{"50":null}},\
            {"start_us":2000000,"count":1,"errors":1,"error_rate":1.0,"rate_per_s":null,"sum_us":7,\
            "min_us":7,"max_us":7,"mean_us":7.000,"stddev_us":0.000,"percentiles_us":{"50":7}}]}
            """);
  }

  @Test
  void printsNoBucketsOfNothing() {
    assertThat(latency.run("timeline", "--json", "--bucket", "1h").out())
        .isEqualTo("{\"bucket_us\":3600000000,\"buckets\":[]}\n");
  }

  @Test
  void takesBucketsOfAMinuteIfNoneAreNamed() throws IOException {
    latency.given("-1,5,a,b,true,");

    assertThat(latency.run("timeline", "--json").out())
        .startsWith("{\"bucket_us\":60000000,\"buckets\":[{\"start_us\":-60000000,\"count\":1,");
  }

  @Test
  void printsATableForPeople() throws IOException {
    latency.given("1,5,a,b,true,", "60000001,7,a,b,false,");

    assertThat(latency.run("timeline", "--percentiles", "99").out())
        .isEqualTo(
            """
            start                 count  errors  error rate  per s   sum   min   max  mean  stddev   p99
            1970-01-01T00:00:00Z      1       0         0 %      -  5 µs  5 µs  5 µs  5 µs    0 µs  5 µs
            1970-01-01T00:01:00Z      1       1       100 %      -  7 µs  7 µs  7 µs  7 µs    0 µs  7 µs
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--bucket 0s | bucket width",
        "--bucket 5 | '5' is no length of time",
        "--bucket 99999999999999999w | longer than any data",
        "--from 0 --to 100000000000 --bucket 1ms | 100000000 buckets",
      })
  void refusesBucketsThatMakeNoSense(String typed, String reason) {
    Outcome outcome = latency.run(("timeline " + typed).split(" "));

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(reason).hasLineCount(1);
  }
}
