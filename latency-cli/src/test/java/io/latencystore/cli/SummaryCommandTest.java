package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryCommandTest {

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void printsEveryFigureAsJson() throws IOException {
    latency.given("1000000,1,a,b,true,", "2000000,2,a,b,false,", "3000000,4,a,c,true,");

    Outcome outcome = latency.run("summary", "--json", "--from", "0", "--to", "6000000");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .isEqualTo(
            """
            {"count":3,"errors":1,"error_rate":0.3333333333333333,"rate_per_s":0.5,"sum_us":7,\
            "min_us":1,"max_us":4,"mean_us":2.333,"stddev_us":1.247,\
            "percentiles_us":{"50":2,"90":4,"95":4,"99":4,"99.9":4}}
            """);
  }

  @Test
  void printsNullWhereThereIsNothing() {
    Outcome outcome = latency.run("summary", "--json");

    assertThat(outcome.out())
        .isEqualTo(
            """
            {"count":0,"errors":0,"error_rate":0.0,"rate_per_s":null,"sum_us":0,\
            "min_us":null,"max_us":null,"mean_us":null,"stddev_us":null,\
            "percentiles_us":{"50":null,"90":null,"95":null,"99":null,"99.9":null}}
            """);
  }

  @Test
  void printsSumsBeyond64BitsAsWholeNumbers() throws IOException {
    latency.given("1,9223372036854775807,a,b,true,", "2,9223372036854775807,a,b,true,");

    Outcome outcome = latency.run("summary", "--json");

    assertThat(outcome.out())
        .contains("\"sum_us\":18446744073709551614,")
        .contains("\"mean_us\":9223372036854775807.000,");
  }

  @Test
  void namesPercentilesPlainlyAndInOrder() throws IOException {
    latency.given("1,5,a,b,true,");

    Outcome outcome = latency.run("summary", "--json", "--percentiles", "99.90,100,0,1e1");

    assertThat(outcome.out())
        .endsWith("\"percentiles_us\":{\"0\":5,\"10\":5,\"99.9\":5,\"100\":5}}\n");
  }

  @Test
  void groupsByComponent() throws IOException {
    latency.given("1,5,b,x,true,", "2,6,a,x,true,", "3,7,a,y,false,");

    Map<?, ?> json = Json.object(latency.run("summary", "--json", "--by", "component").out());

    assertThat(Json.objects(json, "groups"))
        .extracting(
            group -> group.get("component"),
            group -> group.get("count"),
            group -> group.get("sum_us"))
        .containsExactly(tuple("a", "2", "13"), tuple("b", "1", "5"));
    assertThat(Json.objects(json, "groups").get(0).containsKey("command")).isFalse();
  }

  @Test
  void groupsBySeries() throws IOException {
    latency.given("1,5,b,x,true,", "2,6,a,y,true,", "3,7,a,x,false,");

    Map<?, ?> json = Json.object(latency.run("summary", "--json", "--by", "series").out());

    assertThat(Json.objects(json, "groups"))
        .extracting(
            group -> group.get("component"),
            group -> group.get("command"),
            group -> group.get("max_us"))
        .containsExactly(tuple("a", "x", "7"), tuple("a", "y", "6"), tuple("b", "x", "5"));
  }

  @Test
  void groupsNothingIntoNoGroups() {
    assertThat(latency.run("summary", "--json", "--by", "series").out())
        .isEqualTo("{\"groups\":[]}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--component a | 3",
        "--component a --component c | 4",
        "--command y | 2",
        "--component a --command y | 1",
        "--success true | 4",
        "--success false | 1",
        "--from 2 | 4",
        "--to 2 | 1",
        "--from 2 --to 4 | 2",
        "--from -7 --to 2 | 1",
        "--from 1970-01-01T00:00:00.000002Z | 4",
        "--component= | 0",
      })
  void countsOnlyWhatMatches(String filters, String count) throws IOException {
    latency.given(
        "1,5,a,x,true,", "2,5,a,x,true,", "3,5,a,y,false,", "4,5,b,y,true,", "5,5,c,z,true,");

    Outcome outcome = latency.run(("summary --json " + filters).split(" "));

    assertThat(outcome.out()).startsWith("{\"count\":" + count + ",");
  }

  @Test
  void countsBackFromNow() throws IOException {
    long now = Micros.of(LatencyCommand.NOW);
    latency.given(
        now + ",5,a,b,true,",
        now - 59_999_999 + ",5,a,b,true,",
        now - 60_000_000 + ",5,a,b,true,",
        now + 1 + ",5,a,b,true,");

    Outcome outcome = latency.run("summary", "--json", "--since", "60s");

    assertThat(outcome.out()).startsWith("{\"count\":2,");
  }

  @Test
  void printsTheSameFiguresForPeople() throws IOException {
    latency.given("1000000,1,a,b,true,", "2000000,2000,a,b,false,", "3000000,4000000,a,c,true,");

    Outcome outcome =
        latency.run("summary", "--from", "0", "--to", "6000000", "--percentiles", "50,99.9");

    assertThat(outcome.out())
        .isEqualTo(
            """
            count             3
            errors            1
            error rate   33.3 %
            per s         0.500
            sum          4.00 s
            min            1 µs
            max          4.00 s
            mean         1.33 s
            stddev       1.89 s
            p50         2.00 ms
            p99.9        4.00 s
            """);
  }

  @Test
  void printsATableOfGroups() throws IOException {
    latency.given("1,5,b,x,true,", "2,1500,a,y,true,");

    Outcome outcome = latency.run("summary", "--by", "series", "--percentiles", "50");

    assertThat(outcome.out())
        .isEqualTo(
            """
            component  command  count  errors  error rate  per s      sum      min      max     mean  stddev      p50
            a          y            1       0         0 %      -  1.50 ms  1.50 ms  1.50 ms  1.50 ms    0 µs  1.50 ms
            b          x            1       0         0 %      -     5 µs     5 µs     5 µs     5 µs    0 µs     5 µs
            """);
  }

  @Test
  void letsNoNameDriveTheTerminal() throws IOException {
    latency.given("1,5,\"\u001b[2J\r\n\u009b\u202e\",\"x\ty\",true,");

    Outcome outcome = latency.run("summary", "--by", "series");

    assertThat(outcome.out()).contains("\\u001b[2J\\r\\n\\u009b\\u202e  x\\ty ").hasLineCount(2);
  }

  @Test
  void answersAWindowThatEndsAMicrosecondBeforeItBegins() throws IOException {
    latency.given("5,5,a,b,true,");

    Outcome outcome = latency.run("summary", "--json", "--from", "6", "--to", "5");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("{\"count\":0,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--percentiles 101 | percentile 101 is not from 0 to 100",
        "--percentiles 50,-1 | percentile -1 is not from 0 to 100",
        "--percentiles p99 | percentile 'p99' is not a number",
        "--percentiles 99.99999999999999999 | too many digits",
        "--from 2020-01-02T00:00:00Z --to 2020-01-01T00:00:00Z | from 2020-01-02T00:00:00Z is"
            + " after",
        "--from 7 --to 5 | is after its to",
        "--since 1h --from 5 | --since names the whole window",
        "--since 0s | must be positive",
        "--since 1y | '1y' is no length of time",
        "--from noon | 'noon' is no moment",
        "--success maybe | '--success'",
        "--by command | 'command' is neither component nor series",
      })
  void refusesWhatMakesNoSenseWithoutTouchingTheDatabase(String typed, String reason) {
    Outcome outcome = latency.run(("summary " + typed).split(" "));

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("latency: ").contains(reason).hasLineCount(1);
    assertThat(latency.database()).doesNotExist();
  }
}
