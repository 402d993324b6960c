package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fly",
        "summary --nonsense",
        "summary extra",
        "import",
        "import a b",
        "export",
        "export --csv --jsonl",
        "export --csv --json",
        "export --jsonl --escape-formulas",
        "last -n many",
        "demo --count few",
        "--db sqlite:a.db --db sqlite:b.db summary",
        "--db nonsense summary",
      })
  void endsWithTwoAndOneLineWhenMisused(String typed) {
    Outcome outcome = latency.run(typed.isEmpty() ? new String[0] : typed.split(" "));

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("latency: ").hasLineCount(1);
  }

  @Test
  void namesTheVerbsWhereOneIsMissing() {
    assertThat(latency.run().err())
        .contains("demo, import, summary, timeline, last, series, status, export");
  }

  @Test
  void endsWithOneAndOneLineWhenTheDatabaseIsNone() throws IOException {
    String file = latency.file("text.db", "no database, only a text that is long enough for one");

    Outcome outcome = latency.run("--db", "sqlite:" + file, "summary");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("latency: ").contains("text.db").hasLineCount(1);
    assertThat(Path.of(file)).hasContent("no database, only a text that is long enough for one");
  }

  @Test
  void showsTheStackTraceOnlyWhenDebugging() {
    String missing = "sqlite:" + latency.path("no/such.db");

    String plain = latency.run("--db", missing, "summary").err();
    String debugged = latency.env("LATENCY_DEBUG", "1").run("--db", missing, "summary").err();

    assertThat(plain).contains("no").doesNotContain("\tat ");
    assertThat(debugged).startsWith(plain).contains("\tat ");
  }

  @Test
  void takesTheDatabaseBeforeOrAfterTheVerb() throws IOException {
    latency.given("1,5,a,b,true,");
    String url = "sqlite:" + latency.path("other.db");

    String before = latency.run("--db", url, "--json", "series").out();
    String after = latency.run("series", "--json", "--db", url).out();
    String environment = latency.run("series", "--json").out();

    assertThat(before).isEqualTo(after).isEqualTo("{\"series\":[]}\n");
    assertThat(environment).contains("\"component\":\"a\"");
  }

  @Test
  void countsOtherVariablesBesideANamedDatabase() {
    Outcome outcome =
        latency.env("LATENCY_READERS", "0").run("--db", "sqlite:" + latency.database(), "series");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("LATENCY_READERS");
  }

  @Test
  void refusesAnEmptyDatabaseName() {
    Outcome outcome = latency.run("--db", "", "series");

    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--db is empty");
  }

  @Test
  void takesNamesThatLookLikeAnArgumentFile() throws IOException {
    latency.given("1,5,@x,b,true,");

    assertThat(latency.run("summary", "--json", "--component", "@x").out())
        .startsWith("{\"count\":1,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "summary --help", "export -h"})
  void printsHelpOnStandardOutput(String typed) {
    Outcome outcome = latency.run(typed.split(" "));

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("Usage: latency");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void printsItsVersion() {
    assertThat(latency.run("--version").out()).startsWith("latency ");
  }

  @Test
  void keepsPrintedDataInUtf8() throws IOException {
    latency.given("1,5,größe 内容,b,true,");

    assertThat(latency.run("series").out()).contains("größe 内容");
  }

  @Test
  void createsTheDatabaseItIsAskedAbout() {
    latency.run("summary");

    assertThat(Files.exists(latency.database())).isTrue();
  }
}
