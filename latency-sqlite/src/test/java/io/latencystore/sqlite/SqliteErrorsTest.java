package io.latencystore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.StoreCorruptException;
import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What SQLite's errors, plain or extended, mean for the user. */
final class SqliteErrorsTest {

  private static final Map<String, Class<? extends StoreException>> TYPES =
      Map.of(
          "unavailable", StoreUnavailableException.class,
          "incompatible", StoreIncompatibleException.class,
          "corrupt", StoreCorruptException.class);

  @ParameterizedTest
  @CsvSource({
    "5, unavailable, another process holds",
    "261, unavailable, another process holds",
    "6, unavailable, another process holds",
    "13, unavailable, the disk is full",
    "8, unavailable, may only be read",
    "1032, unavailable, may only be read",
    "14, unavailable, cannot be opened",
    "10, unavailable, the system failed",
    "778, unavailable, the system failed",
    "26, incompatible, not an SQLite database",
    "11, corrupt, damaged",
    "267, corrupt, damaged",
    "0, unavailable, what the driver said",
    "1, unavailable, what the driver said",
  })
  void anErrorNamesTheFileAndARemedy(int code, String type, String part) {
    SQLException error = new SQLException("what the driver said", null, code);

    StoreException explained = SqliteErrors.explain(error, "/srv/latency.db", "write");

    assertThat(explained)
        .isInstanceOf(TYPES.get(type))
        .hasCause(error)
        .hasMessageContaining("/srv/latency.db")
        .hasMessageContaining(part);
  }
}
