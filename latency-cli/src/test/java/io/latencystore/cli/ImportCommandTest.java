package io.latencystore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {

  private static final String HEADER = "timestamp_us,latency_us,component,command,success\n";

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() {
    latency = new LatencyCommand(directory);
  }

  @Test
  void storesEveryRow() throws IOException {
    String file = latency.file("f.csv", HEADER + "1,5,a,b,true\n-2,6,a,c,false\n");

    Outcome outcome = latency.run("import", file, "--json");

    assertThat(outcome).isEqualTo(new Outcome(0, "{\"imported\":2,\"refused\":0}\n", ""));
    assertThat(rows()).isEqualTo("-2,6,a,c,false,\n1,5,a,b,true,\n");
  }

  @Test
  void tellsPeopleHowMany() throws IOException {
    String rows =
        IntStream.range(0, 1_234).mapToObj(i -> i + ",5,a,b,true\n").collect(Collectors.joining());

    Outcome outcome = latency.run("import", latency.file("f.csv", HEADER + rows));

    assertThat(outcome.out()).isEqualTo("imported 1,234 measurements\n");
  }

  @Test
  void takesColumnsInAnyOrder() throws IOException {
    String csv = "metadata,success,command,component,latency_us,timestamp_us\nm,true,b,a,5,1\n";

    latency.run("import", latency.file("f.csv", csv));

    assertThat(rows()).isEqualTo("1,5,a,b,true,m\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void takesAnyLineEndAndAByteOrderMark(String lineEnd) throws IOException {
    String csv = "\uFEFF" + HEADER + "1,5,a,b,true\n\n2,6,a,b,true";

    latency.run("import", latency.file("f.csv", csv.replace("\n", lineEnd)));

    assertThat(rows()).isEqualTo("1,5,a,b,true,\n2,6,a,b,true,\n");
  }

  @Test
  void takesQuotedColumnNamesAfterAByteOrderMark() throws IOException {
    String csv = "\uFEFF\"timestamp_us\",latency_us,component,command,success\n1,5,a,b,true\n";

    latency.run("import", latency.file("f.csv", csv));

    assertThat(rows()).isEqualTo("1,5,a,b,true,\n");
  }

  @Test
  void readsStandardInput() throws IOException {
    Outcome outcome = latency.input(HEADER + "1,5,a,b,true\n").run("import", "-");

    assertThat(outcome.code()).isZero();
    assertThat(rows()).isEqualTo("1,5,a,b,true,\n");
  }

  @Test
  void takesAHeaderAlone() throws IOException {
    Outcome outcome = latency.run("import", latency.file("f.csv", HEADER), "--json");

    assertThat(outcome.out()).isEqualTo("{\"imported\":0,\"refused\":0}\n");
  }

  @Test
  void storesNothingOfAFileWithABadLine() throws IOException {
    String file = latency.file("f.csv", HEADER + "1,5,a,b,true\n2,-7,a,b,true\n");

    Outcome outcome = latency.run("import", file, "--json");

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .startsWith("latency: " + file + " line 3: latency -7 µs is negative")
        .contains("nothing was stored, because of 1 bad line");
    assertThat(latency.database()).doesNotExist();
  }

  @Test
  void skipsBadLinesWhenTold() throws IOException {
    String file = latency.file("f.csv", HEADER + "1,5,a,b,true\n2,-7,a,b,true\n3,8,a,b,true\n");

    Outcome outcome = latency.run("import", "--skip-bad", file, "--json");

    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).isEqualTo("{\"imported\":2,\"refused\":1}\n");
    assertThat(outcome.err()).contains("line 3: latency -7 µs is negative").hasLineCount(1);
    assertThat(rows()).isEqualTo("1,5,a,b,true,\n3,8,a,b,true,\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,18446744073708796870,a,b,true | latency 18446744073708796870 µs does not fit",
        "9223372036854775808,5,a,b,true | timestamp 9223372036854775808 µs does not fit",
        "-9223372036854775809,5,a,b,true | at least -9223372036854775808",
        "1.5,5,a,b,true | timestamp \"1.5\" is not a whole number",
        "1,,a,b,true | latency \"\" is not a whole number",
        "1,+5,a,b,true | latency \"+5\" is not a whole number",
        "1,٥,a,b,true | latency \"٥\" is not a whole number",
        "1,5,a,b,TRUE | success \"TRUE\" is neither true nor false",
        "1,5,a,b | it has 4 fields, the header has 5",
        "1,5,a,b,true,x | it has 6 fields, the header has 5",
      })
  void saysWhatIsWrongWithALine(String line, String reason) throws IOException {
    String file = latency.file("f.csv", HEADER + line + "\n");

    Outcome outcome = latency.run("import", file);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("f.csv line 2: ").contains(reason);
  }

  @Test
  void refusesNamesThatCannotBeStored() throws IOException {
    String file =
        latency.file("f.csv", HEADER + "1,5,nul\0,b,true\n1,5," + "x".repeat(1_025) + ",b,true\n");

    Outcome outcome = latency.run("import", file);

    assertThat(outcome.err())
        .contains("line 2: component \"nul\\u0000\" has a NUL")
        .contains("line 3: component \"xxx")
        .contains("has 1025 bytes of UTF-8; at most 1024 fit");
  }

  @Test
  void countsLinesAcrossLineEndsInQuotes() throws IOException {
    String file = latency.file("f.csv", HEADER + "1,5,\"a\n\r\n\ra\",b,true\n2,x,a,b,true\n");

    Outcome outcome = latency.run("import", file);

    assertThat(outcome.err()).contains("f.csv line 6: latency \"x\"");
  }

  @Test
  void reportsTheFirstTenBadLinesAndCountsTheRest() throws IOException {
    String file = latency.file("f.csv", HEADER + "x,5,a,b,true\n".repeat(13));

    Outcome outcome = latency.run("import", file);

    assertThat(outcome.err().lines()).hasSize(12);
    assertThat(outcome.err())
        .contains("line 11:")
        .doesNotContain("line 12:")
        .contains("and 3 bad lines more")
        .contains("because of 13 bad lines");
  }

  @Test
  void refusesMalformedUtf8WithItsLine() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((HEADER + "1,5,a,b,true\n2,5,").getBytes(UTF_8));
    bytes.writeBytes(new byte[] {'g', (byte) 0xF6, ',', 'b', ',', 't', 'r', 'u', 'e', '\n'});

    Outcome outcome = latency.run("import", latency.file("f.csv", bytes.toByteArray()));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("line 3: it is not UTF-8");
  }

  @Test
  void takesCharactersWhoseSecondHalfStandsForMalformedBytes() throws IOException {
    String beyond = new String(Character.toChars(0x103FF));

    Outcome outcome =
        latency.run("import", latency.file("f.csv", HEADER + "1,5," + beyond + ",b,true\n"));

    assertThat(outcome.code()).isZero();
    assertThat(rows()).isEqualTo("1,5," + beyond + ",b,true,\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2,5,\"a\"x,b,true\n3,5,a,b,true\n", "2,5,\"a,b,true\n3,5,a,b,true\n"})
  void refusesBrokenQuotingEvenWhenSkippingBadLines(String broken) throws IOException {
    String file = latency.file("f.csv", HEADER + "1,5,a,b,true\n" + broken);

    Outcome outcome = latency.run("import", "--skip-bad", file);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("f.csv: ").contains("line 3").contains("nothing was stored");
    assertThat(latency.database()).doesNotExist();
  }

  @Test
  void namesEveryFaultOfAHeader() throws IOException {
    String file = latency.file("f.csv", "timestamp_us,latency_us,component,component,\u001b[31m\n");

    Outcome outcome = latency.run("import", file);

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("f.csv line 1: ")
        .contains("column \"component\" is there twice")
        .contains("unknown column \"\\u001b[31m\"")
        .contains("missing column \"command\"")
        .contains("missing column \"success\"")
        .hasLineCount(1);
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    Outcome outcome = latency.run("import", latency.file("f.csv", ""));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("f.csv is empty");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    Outcome outcome = latency.run("import", latency.path("none.csv").toString());

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).endsWith("none.csv: no such file or directory\n");
  }

  @Test
  void refusesADirectory() {
    Outcome outcome = latency.run("import", directory.toString());

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains(directory + " is a directory");
  }

  @Test
  void saysWhatIsStoredOfAFileThatChangesMeanwhile() throws IOException {
    Path file = Path.of(latency.file("f.csv", HEADER + "1,5,a,b,true\nbad\n"));
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream rewriting =
        new FilterOutputStream(err) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            Files.writeString(file, HEADER + "2,6,a,b,true\n3,7,a,b,true\n");
            err.write(bytes, offset, length);
          }
        };

    int code = latency.runWithErrors(rewriting, "import", "--skip-bad", file.toString());

    assertThat(code).isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .contains("f.csv changed while it was imported: 1 good lines at first, then 2");
    assertThat(rows()).isEqualTo("2,6,a,b,true,\n3,7,a,b,true,\n");
  }

  private String rows() {
    String csv = latency.run("export", "--csv").out();
    return csv.substring(csv.indexOf('\n') + 1);
  }
}
