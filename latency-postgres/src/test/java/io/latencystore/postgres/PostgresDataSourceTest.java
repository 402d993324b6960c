package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.latencystore.LatencyQuery;
import io.latencystore.LatencyStore;
import io.latencystore.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/** A data source of the caller's is used, left as it was, and not closed. */
final class PostgresDataSourceTest {

  @RegisterExtension final TestDatabase database = new TestDatabase();
  private HikariDataSource pool = new HikariDataSource();

  @BeforeEach
  void openPool() {
    PostgresServer server = database.server();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {server.host()});
    source.setPortNumbers(new int[] {server.port()});
    source.setDatabaseName(database.name());
    source.setUser(server.user());
    source.setPassword(server.password());
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(4);
    config.setConnectionInitSql("SET lock_timeout = '7s'");
    config.setAutoCommit(false);
    pool = new HikariDataSource(config);
  }

  @AfterEach
  void closePool() {
    pool.close();
  }

  private LatencyStore open() {
    return LatencyStore.builder("postgresql:").dataSource(pool).readers(2).open();
  }

  @Test
  void aPoolOfTheCallersCarriesAStore() throws SQLException {
    try (LatencyStore store = open()) {
      store.append(Numbered.measurements(0, 1_000));
      store.recorder("component", "command").record(Numbered.NOON, 1);

      assertThat(store.summarize(LatencyQuery.all()).count()).isEqualTo(1_001);
      assertThat(store.check().location()).contains("data source");
    }
    assertThat(pool.isClosed()).isFalse();
    assertThat(database.ask("SELECT sum(count) FROM latency_block")).containsExactly("1001");
  }

  @Test
  void connectionsComeBackAsTheyWere() throws SQLException {
    String before = settings();
    assertThat(before).contains("lock_timeout=7s");

    try (LatencyStore store = open()) {
      store.append(Numbered.measurements(0, 1_000));
      store.summarize(LatencyQuery.all());
    }

    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    for (int i = 0; i < 4; i++) {
      assertThat(settings()).isEqualTo(before);
    }
  }

  private String settings() throws SQLException {
    StringBuilder settings = new StringBuilder();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      settings.append(connection.getAutoCommit()).append(connection.isReadOnly());
      settings.append(connection.getTransactionIsolation());
      for (String name :
          new String[] {
            "search_path",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "synchronous_commit"
          }) {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
          row.next();
          settings.append(' ').append(name).append('=').append(row.getString(1));
        }
      }
      connection.rollback();
    }
    return settings.toString();
  }

  @Test
  void aPlaceBesidesTheDataSourceIsAContradiction() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.builder(database.url()).dataSource(pool).open())
        .withMessageContaining("dataSource(…)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.builder("postgresql:").user("ann").dataSource(pool).open())
        .withMessageContaining("dataSource(…)");
  }
}
