package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import io.latencystore.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every verb with a PostgreSQL database, named by the environment or by {@code --db}. */
class PostgresTest {

  private static final PostgresServer SERVER = PostgresServer.shared();

  @TempDir private Path directory;
  private String url = "";
  private LatencyCommand latency;

  @BeforeEach
  void createDatabase() {
    url = SERVER.newDatabase();
    latency = new LatencyCommand(directory).env("LATENCY_DATABASE_URL", url);
  }

  @AfterEach
  void dropDatabase() {
    SERVER.dropDatabase(url);
  }

  private String out(String... args) {
    Outcome outcome = latency.run(args);
    assertThat(outcome.err()).doesNotContain(SERVER.password());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).doesNotContain(SERVER.password());
    return outcome.out();
  }

  @Test
  void everyVerbAnswers() throws IOException {
    latency.given("1,5,a,b,true,", "2,7,a,c,false,", "3,9,d,e,true,{}");

    assertThat(Json.object(out("status", "--json")).get("measurements")).isEqualTo("3");
    assertThat(String.valueOf(Json.object(out("status", "--json")).get("database")))
        .startsWith("PostgreSQL ");
    assertThat(out("summary", "--by", "component")).contains("a").contains("d");
    assertThat(out("timeline", "--bucket", "1m")).contains("3");
    assertThat(out("last", "-n", "2")).contains("d").contains("c");
    assertThat(out("series")).contains("a").contains("e");
    assertThat(out("export", "--csv").lines()).hasSize(4);
    assertThat(directory.resolve("test.db")).doesNotExist();
  }

  @Test
  void theDemoRecordsIntoIt() throws IOException {
    out("demo", "--count", "2000");

    assertThat(Json.object(out("status", "--json")).get("measurements")).isEqualTo("2000");
  }

  @Test
  void theOptionNamesItToo() throws IOException {
    latency.withoutEnv("LATENCY_DATABASE_URL").run("import", "--db", url, csv());

    Map<?, ?> status = Json.object(out("--db", url, "status", "--json"));

    assertThat(status.get("measurements")).isEqualTo("1");
    assertThat(String.valueOf(status.get("location")))
        .startsWith("postgresql://" + SERVER.host())
        .doesNotContain(SERVER.user() + ":");
  }

  private String csv() throws IOException {
    return Files.writeString(
            directory.resolve("one.csv"),
            "timestamp_us,latency_us,component,command,success\n1,2,a,b,true\n")
        .toString();
  }

  @Test
  void whatIsWrongIsSaidInALineWithoutThePassword() {
    Outcome outcome = latency.env("LATENCY_DATABASE_URL", url + "_nowhere").run("status");

    assertThat(outcome.code()).isOne();
    assertThat(outcome.err()).contains("_nowhere").contains("create it");
    assertThat(outcome.err()).doesNotContain(SERVER.password());
  }
}
