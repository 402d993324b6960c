package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.LatencyCommand.Outcome;
import io.latencystore.testkit.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyCommandTest {

  private static final String[] ROWS = {
    "-5,5,a,b,true,",
    "1,9223372036854775807,a,b,true,",
    "1,9223372036854775807,a,b,false,",
    "1,7,a,\"c\"\"c\",false,\"{\"\"x\"\":1}\"",
    "1772366400000000,9,d,,true,\"\""
  };

  @TempDir private Path directory;
  private LatencyCommand latency;

  @BeforeEach
  void command() throws Exception {
    latency = new LatencyCommand(directory);
    latency.given(ROWS);
  }

  private String url(String name) {
    return "sqlite:" + latency.path(name);
  }

  private String out(String... args) {
    Outcome outcome = latency.run(args);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return outcome.out();
  }

  private String layoutOf(String url) throws Exception {
    return String.valueOf(Json.object(out("--db", url, "status", "--json")).get("layout"));
  }

  @Test
  void blocksBecomeRowsAndRowsBecomeBlocks() throws Exception {
    String exported = out("export", "--csv");

    String copied = out("copy", url("test.db"), url("rows.db"), "--layout", "rows", "--json");
    out("copy", url("rows.db"), url("blocks.db"), "--layout", "blocks");

    assertThat(copied).isEqualTo("{\"copied\":5,\"layout\":\"rows\"}\n");
    assertThat(layoutOf(url("rows.db"))).isEqualTo("rows");
    assertThat(layoutOf(url("blocks.db"))).isEqualTo("blocks");
    assertThat(out("--db", url("rows.db"), "export", "--csv")).isEqualTo(exported);
    assertThat(out("--db", url("blocks.db"), "export", "--csv")).isEqualTo(exported);
  }

  @Test
  void manyMeasurementsKeepTheirFigures() {
    out("--db", url("many.db"), "demo", "--count", "150000", "--layout", "rows");

    out("copy", url("many.db"), url("other.db"));

    assertThat(out("--db", url("other.db"), "summary", "--by", "series", "--json"))
        .isEqualTo(out("--db", url("many.db"), "summary", "--by", "series", "--json"));
  }

  @Test
  void aFileGoesToAServerAndBack() {
    PostgresServer server = PostgresServer.shared();
    String database = server.newDatabase();
    try {
      String exported = out("export", "--csv");

      out("copy", url("test.db"), database, "--layout", "rows");
      out("copy", database, url("back.db"));

      assertThat(out("--db", database, "export", "--csv")).isEqualTo(exported);
      assertThat(out("--db", url("back.db"), "export", "--csv")).isEqualTo(exported);
    } finally {
      server.dropDatabase(database);
    }
  }

  @Test
  void aTargetThatHoldsSomethingIsRefused() {
    out("copy", url("test.db"), url("copy.db"));

    Outcome again = latency.run("copy", url("test.db"), url("copy.db"));
    Outcome itself = latency.run("copy", url("test.db"), url("test.db"));

    assertThat(again.code()).isOne();
    assertThat(again.err()).contains("copy.db holds measurements already");
    assertThat(itself.code()).isOne();
    assertThat(itself.err()).contains("into itself");
    assertThat(out("--db", url("copy.db"), "status", "--json")).contains("\"measurements\":5");
  }

  @Test
  void theOtherLayoutIsRefusedByName() {
    Outcome other = latency.run("demo", "--count", "1", "--layout", "rows");
    Outcome none = latency.run("demo", "--count", "1", "--layout", "columns");

    assertThat(other.code()).isOne();
    assertThat(other.err()).contains("test.db keeps blocks, not rows").contains("latency copy");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("\"columns\"").contains("blocks and rows");
  }
}
