package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {

  private static final String HEADER =
      "timestamp_us,latency_us,component,command,success,metadata\n";

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void writesCsvInTimeOrder() throws IOException {
    latency.given("2,6,a,b,false,", "1,5,a,\"b,c\",true,\"{\"\"k\"\":1}\"");

    Outcome outcome = latency.run("export", "--csv");

    assertThat(outcome)
        .isEqualTo(
            new Outcome(0, HEADER + "1,5,a,\"b,c\",true,\"{\"\"k\"\":1}\"\n2,6,a,b,false,\n", ""));
  }

  @Test
  void writesOneJsonObjectALine() throws IOException {
    latency.given("2,6,a,b,false,", "1,5,\"a\nb\",c,true,m");

    Outcome outcome = latency.run("export", "--jsonl");

    assertThat(outcome.out())
        .isEqualTo(
            """
            {"timestamp_us":1,"latency_us":5,"component":"a\\nb","command":"c","success":true,"metadata":"m"}
            {"timestamp_us":2,"latency_us":6,"component":"a","command":"b","success":false,"metadata":null}
            """);
  }

  @Test
  void writesNoLineOfJsonForNothing() {
    assertThat(latency.run("export", "--jsonl")).isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void writesOnlyWhatMatches() throws IOException {
    latency.given("1,5,a,b,true,", "2,6,a,b,false,", "3,7,c,b,true,", "4,8,a,b,true,");

    Outcome outcome =
        latency.run("export", "--csv", "--component", "a", "--success", "true", "--from", "2");

    assertThat(outcome.out()).isEqualTo(HEADER + "4,8,a,b,true,\n");
  }

  @Test
  void escapesFormulasOnlyWhenTold() throws IOException {
    latency.given("-1,5,=1+1,@b,true,\"\t-\"", "2,6,a-b,'c,true,");

    String raw = latency.run("export", "--csv").out();
    String escaped = latency.run("export", "--csv", "--escape-formulas").out();

    assertThat(raw).isEqualTo(HEADER + "-1,5,=1+1,@b,true,\t-\n2,6,a-b,'c,true,\n");
    assertThat(escaped).isEqualTo(HEADER + "-1,5,'=1+1,'@b,true,'\t-\n2,6,a-b,'c,true,\n");
  }

  @Test
  void writesAFileAndLeavesNothingBesideIt() throws IOException {
    latency.given("1,5,a,b,true,");

    Outcome outcome = latency.run("export", "--csv", latency.path("out.csv").toString(), "--json");

    assertThat(outcome).isEqualTo(new Outcome(0, "{\"exported\":1}\n", ""));
    assertThat(latency.path("out.csv")).hasContent(HEADER + "1,5,a,b,true,");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.getFileName().toString().contains("out.csv.")))
          .isEmpty();
    }
  }

  @Test
  void replacesAFileOnlyByForce() throws IOException {
    latency.given("1,5,a,b,true,");
    String file = latency.file("out.csv", "mine");

    Outcome refused = latency.run("export", "--csv", file);
    String after = Files.readString(Path.of(file));
    Outcome forced = latency.run("export", "--csv", file, "--force");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("out.csv exists already").contains("--force");
    assertThat(after).isEqualTo("mine");
    assertThat(forced.code()).isZero();
    assertThat(Path.of(file)).hasContent(HEADER + "1,5,a,b,true,");
  }

  @Test
  void replacesNoDirectory() {
    Outcome outcome = latency.run("export", "--csv", directory.toString(), "--force");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("is no regular file");
  }

  @Test
  void namesADirectoryThatIsNotThere() {
    Outcome outcome = latency.run("export", "--csv", latency.path("no/out.csv").toString());

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("no/out.csv: ").contains("does not exist");
  }

  @Test
  void leavesNoFileBehindWhenItFails() throws IOException {
    String notOurs = latency.file("text.db", "no database, only a text that is rather long");

    Outcome outcome =
        latency.run(
            "--db", "sqlite:" + notOurs, "export", "--csv", latency.path("out.csv").toString());

    assertThat(outcome.code()).isEqualTo(1);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.toString().contains("out.csv"))).isEmpty();
    }
  }

  @Test
  void endsQuietlyWhenItsReaderHasSeenEnough() throws IOException {
    givenMoreThanABuffer();

    Outcome outcome = latency.runInto(new Broken("Broken pipe"), "export", "--csv");

    assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
  }

  @Test
  void failsWhenStandardOutputIsFull() throws IOException {
    givenMoreThanABuffer();

    Outcome outcome = latency.runInto(new Broken("No space left on device"), "export", "--csv");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo("latency: standard output cannot be written: No space left on device\n");
  }

  private void givenMoreThanABuffer() throws IOException {
    String row = ",5," + "a".repeat(1_000) + ",b,true,";
    latency.given(
        IntStream.range(0, 200)
            .mapToObj(i -> i + row)
            .collect(Collectors.toList())
            .toArray(String[]::new));
  }

  /** A standard output that cannot be written. */
  private static final class Broken extends OutputStream {

    private final String message;

    Broken(String message) {
      this.message = message;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(message);
    }
  }
}
