package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.StoreCorruptException;
import io.latencystore.StoreException;
import io.latencystore.StoreUnavailableException;
import io.latencystore.sql.Failure;
import java.io.IOException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresErrorsTest {

  private static final String PLACE = "postgresql://db.example/metrics";

  @ParameterizedTest
  @CsvSource({
    "08000, AWAY",
    "08001, AWAY",
    "08003, AWAY",
    "08006, AWAY",
    "57P01, AWAY",
    "57P02, AWAY",
    "57P03, AWAY",
    "53300, AWAY",
    "08004, TRANSIENT",
    "08P01, TRANSIENT",
    "28P01, TRANSIENT",
    "28000, TRANSIENT",
    "3D000, TRANSIENT",
    "40001, TRANSIENT",
    "40P01, TRANSIENT",
    "55P03, TRANSIENT",
    "57014, TRANSIENT",
    "42P01, REPLACED",
    "3F000, REPLACED",
    "53200, TRANSIENT",
    "58030, TRANSIENT",
    ", TRANSIENT",
    "53100, FULL",
    "25006, READ_ONLY",
    "42501, READ_ONLY",
    "XX001, CORRUPT",
    "XX002, CORRUPT",
    "22021, POISON",
    "23505, POISON",
    "54000, POISON",
  })
  void theStateSaysWhatToDo(String state, Failure failure) {
    assertThat(PostgresErrors.classify(new SQLException("what the server said", state)))
        .isEqualTo(failure);
  }

  @Test
  void aServerThatCannotBeTrustedIsNotAway() {
    SQLException untrusted =
        new SQLException("failed", "08006", new SSLHandshakeException("no trust"));

    assertThat(PostgresErrors.classify(untrusted)).isEqualTo(Failure.TRANSIENT);
    assertThat(PostgresErrors.explain(untrusted, PLACE, "connect", ". sslmode is verify-full"))
        .hasMessageContaining("no encrypted connection")
        .hasMessageContaining("no trust")
        .hasMessageContaining("sslmode is verify-full");
  }

  @ParameterizedTest
  @CsvSource({
    "28P01, password is wrong",
    "28000, pg_hba.conf",
    "3D000, create it",
    "42501, grant",
    "25006, may only be read",
    "53300, max_connections",
    "53100, disk is full",
    "57P03, starting or stopping",
    "55P03, holds a lock",
    "08001, host and port are right",
    "57P01, cannot be reached",
    "42P01, what the server said",
  })
  void anErrorNamesTheServerAndARemedy(String state, String part) {
    SQLException error = new SQLException("what the server said", state);

    StoreException explained = PostgresErrors.explain(error, PLACE, "write", "");

    assertThat(explained)
        .isInstanceOf(StoreUnavailableException.class)
        .hasCause(error)
        .hasMessageContaining(PLACE)
        .hasMessageContaining("could not write")
        .hasMessageContaining("what the server said")
        .hasMessageContaining(part);
  }

  @Test
  void damageIsNotTakenForAbsence() {
    assertThat(PostgresErrors.explain(new SQLException("invalid page", "XX001"), PLACE, "read", ""))
        .isInstanceOf(StoreCorruptException.class)
        .hasMessageContaining("restore a backup");
  }

  @Test
  void secretsAreTakenOutOfWholeChains() {
    Secrets secrets = new Secrets("hunter2", null, "");
    SQLException clean = new SQLException("nothing in it", "08001");
    SQLException dirty = new SQLException("bad: hunter2", "08001");
    SQLException below =
        new SQLException("failed", "08006", new IOException(new IOException("hunter2!")));
    SQLException beside = new SQLException("failed", "08006");
    beside.addSuppressed(new IOException("hunter2"));

    assertThat((Throwable) secrets.removedFrom(clean)).isSameAs(clean);
    assertThat((Throwable) secrets.removedFrom(dirty)).hasMessage("bad: ***");
    assertThat(secrets.removedFrom(dirty).getSQLState()).isEqualTo("08001");
    assertThat((Throwable) secrets.removedFrom(below)).hasMessage("failed").hasNoCause();
    assertThat((Throwable) secrets.removedFrom(beside)).hasNoSuppressedExceptions();
    assertThat(secrets.toString()).doesNotContain("hunter2");
  }
}
