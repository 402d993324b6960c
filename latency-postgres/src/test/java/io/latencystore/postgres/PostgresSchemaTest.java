package io.latencystore.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.LatencyStore;
import io.latencystore.sql.schema.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables in PostgreSQL are those that the engine was generated for. */
final class PostgresSchemaTest {

  @RegisterExtension final TestDatabase database = new TestDatabase();

  @BeforeEach
  void migrate() {
    LatencyStore.open(database.url()).close();
  }

  static List<Table<?>> tables() {
    return List.of(
        Tables.LATENCY_META,
        Tables.LATENCY_SERIES,
        Tables.LATENCY_BLOCK,
        Tables.LATENCY_METADATA,
        Tables.LATENCY_EVENT,
        Tables.LATENCY_PRODUCER);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void columnsHaveTheSameNamesTypesAndNullability(Table<?> generated) throws SQLException {
    try (Connection connection = database.connect()) {
      Table<?> found =
          DSL.using(connection, SQLDialect.POSTGRES)
              .meta()
              .filterSchemas(schema -> schema.getName().equals("latency"))
              .getTables(generated.getName())
              .get(0);

      assertThat(columns(found)).containsExactlyElementsOf(columns(generated));
    }
  }

  private static List<String> columns(Table<?> table) {
    return Arrays.stream(table.fields()).map(PostgresSchemaTest::column).toList();
  }

  private static String column(Field<?> field) {
    return field.getName()
        + " "
        + field.getType().getSimpleName()
        + (field.getDataType().nullable() ? "" : " not null");
  }

  @Test
  void nothingIsMadeOutsideTheSchema() throws SQLException {
    assertThat(
            database.ask(
                "SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relname LIKE 'latency%'"))
        .containsExactly("latency");
  }

  @Test
  void namesAreComparedByCodePointAndPayloadsAreNotPackedAgain() throws SQLException {
    assertThat(
            database.ask(
                "SELECT DISTINCT l.collname FROM pg_attribute a JOIN pg_collation l ON l.oid = a.attcollation WHERE"
                    + " attrelid = 'latency_series'::regclass AND attname IN ('component', 'command')"))
        .containsExactly("C");
    try (LatencyStore store = LatencyStore.open(database.url())) {
      store.append(Numbered.measurements(0, 1_000));
    }
    assertThat(
            database.ask(
                "SELECT DISTINCT attstorage FROM pg_attribute WHERE attname = 'payload' AND attrelid IN (SELECT"
                    + " 'latency_block'::regclass UNION SELECT inhrelid FROM pg_inherits WHERE inhparent ="
                    + " 'latency_block'::regclass)"))
        .containsExactly("e");
  }

  @Test
  void theViewShowsCountsAndMeansToOtherTools() throws SQLException {
    try (LatencyStore store = LatencyStore.open(database.url())) {
      store.append(Numbered.measurements(0, 1_000));
    }

    assertThat(
            database.ask(
                "SELECT sum(count) || ' ' || sum(mean_us * count) / sum(count) FROM latency_block_summary"))
        .containsExactly("1000 499.5");
  }

  @Test
  void theSchemaMayHaveAnotherName() throws SQLException {
    try (LatencyStore store = LatencyStore.builder(database.url()).schema("other_place").open()) {
      store.append(Numbered.measurements(0, 10));

      assertThat(store.check().location()).endsWith("schema other_place");
    }
    assertThat(database.ask("SELECT count(*) FROM other_place.latency_block")).containsExactly("1");
    assertThat(database.ask("SELECT count(*) FROM latency.latency_block")).containsExactly("0");
  }
}
