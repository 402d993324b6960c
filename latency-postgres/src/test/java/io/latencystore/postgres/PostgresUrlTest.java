package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.latencystore.LatencyStore;
import io.latencystore.postgres.PostgresUrl.Host;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresUrlTest {

  private static final String CANARY = "canary-2718";

  @ParameterizedTest
  @ValueSource(strings = {"postgresql:", "postgres:", "jdbc:postgresql:", "jdbc:postgres:"})
  void everyFormIsTakenApart(String scheme) {
    PostgresUrl url =
        PostgresUrl.parse(
            scheme + "//ann:s%3Acret@db.example:5433/my%2Fdb?sslmode=require&a=b%26c");

    assertThat(url.hosts()).containsExactly(new Host("db.example", 5433));
    assertThat(url.database()).isEqualTo("my/db");
    assertThat(url.user()).isEqualTo("ann");
    assertThat(url.password()).isEqualTo("s:cret");
    assertThat(url.parameters()).isEqualTo(Map.of("sslmode", "require", "a", "b&c"));
  }

  @Test
  void whatIsNotThereIsNull() {
    PostgresUrl url = PostgresUrl.parse("postgresql://localhost");

    assertThat(url.hosts()).containsExactly(new Host("localhost", 5432));
    assertThat(url.database()).isNull();
    assertThat(url.user()).isNull();
    assertThat(url.password()).isNull();
    assertThat(url.parameters()).isEmpty();
    assertThat(PostgresUrl.parse("postgresql:///db").hosts()).isEmpty();
  }

  @Test
  void theLoginMayStandAmongTheParameters() {
    PostgresUrl url = PostgresUrl.parse("jdbc:postgresql://h/db?user=ann&password=a+b%20c");

    assertThat(url.user()).isEqualTo("ann");
    assertThat(url.password()).isEqualTo("a+b c");
    assertThat(url.parameters()).isEmpty();
  }

  @Test
  void aPasswordMayHoldWhatEndsOneElsewhere() {
    assertThat(PostgresUrl.parse("postgresql://ann:p@ss:w@h/db").password()).isEqualTo("p@ss:w");
    assertThat(PostgresUrl.parse("postgresql://ann:%2F%3F%23%25@h/db").password())
        .isEqualTo("/?#%");
    assertThat(PostgresUrl.parse("postgresql://ann:@h/db").password()).isEmpty();
  }

  @Test
  void addressesAndSeveralHostsAreUnderstood() {
    assertThat(PostgresUrl.parse("postgresql://[2001:db8::1]:5433,b,[::1]/db").hosts())
        .containsExactly(new Host("2001:db8::1", 5433), new Host("b", 5432), new Host("::1", 5432))
        .extracting(Host::toString)
        .containsExactly("[2001:db8::1]:5433", "b", "[::1]");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "127.0.0.1, true",
    "127.8.9.10, true",
    "::1, true",
    "localhost.example.com, false",
    "127.0.0.1.example.com, false",
    "10.0.0.1, false",
    "0.0.0.0, false",
    "::2, false",
  })
  void loopbackIsThisMachineAndNothingElse(String host, boolean loopback) {
    assertThat(new Host(host, 5432).isLoopback()).isEqualTo(loopback);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql:db",
        "postgresql://ann:canary-2718@host:port/db",
        "postgresql://ann:canary-2718/x@host/db",
        "postgresql://ann:canary-2718#x@host/db",
        "postgresql://ann:canary-2718@host:99999/db",
        "postgresql://ann:canary-2718@host:0/db",
        "postgresql://ann:canary-2718@ho]st/db",
        "postgresql://ann:canary-2718@host,/db",
        "postgresql://ann:canary-2718@host%3FsocketFactory%3Dx/db",
        "postgresql://ann:canary-2718@host;x/db",
        "postgresql://ann:canary-2718@a b/db",
        "postgresql://ann:canary-2718%@host/db",
        "postgresql://ann:canary-2718%zz@host/db",
        "postgresql://ann:canary-2718%00@host/db",
        "postgresql://ann:canary-2718@host/db/more",
        "postgresql://host/db?password=canary-2718&password=x",
        "postgresql://host/db?=canary-2718",
        "postgresql://host/db?canary-2718",
      })
  void aMalformedUrlIsRefusedWithoutShowingWhatIsInIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open(url))
        .withMessageContaining("postgresql://")
        .withMessageNotContaining(CANARY)
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socketFactory",
        "socketFactoryArg",
        "sslfactory",
        "sslfactoryarg",
        "sslhostnameverifier",
        "sslpasswordcallback",
        "authenticationPluginClassName",
        "loggerFile",
        "loggerLevel",
        "jaasLogin",
        "gsslib",
        "xmlFactoryFactory",
        "queryMode",
        "options",
        "currentSchema",
        "allowEncodingChanges",
        "localSocketAddress",
        "maxResultBuffer",
        "no-such-parameter",
      })
  void dangerousAndUnknownParametersAreRefusedByName(String parameter) {
    assertThatThrownBy(
            () ->
                LatencyStore.open(
                    "postgresql://ann:" + CANARY + "@localhost/db?" + parameter + "=" + CANARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(parameter)
        .hasMessageContaining("sslmode")
        .hasMessageNotContaining(CANARY);
  }

  @ParameterizedTest
  @CsvSource({
    "sslmode, verify_full",
    "socketTimeout, 0",
    "connectTimeout, canary-2718",
    "connect_timeout, -1",
    "prepareThreshold, x",
    "targetServerType, master",
  })
  void aParameterHasOnlyValuesOfItsOwn(String parameter, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open("postgresql://localhost/db?" + parameter + "=" + value))
        .withMessageContaining(parameter)
        .withMessageContaining("it takes")
        .withMessageNotContaining(CANARY);
  }

  @Test
  void whatIsMeantForADataSourceNamesNoPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LatencyStore.open("postgresql:"))
        .withMessageContaining("postgresql://");
  }
}
