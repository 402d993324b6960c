package io.latencystore.bench;

import io.latencystore.LatencyMeasurement;
import io.latencystore.Series;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The peers on PostgreSQL: a table with one row for each measurement, filled in several ways. */
final class PostgresRows implements AutoCloseable {

  /** What the table looks like. */
  enum Shape {
    /** Names as text, an index on time and one on component and time. */
    OBVIOUS,
    /** Numbers of series instead of names, and nothing but a block range index on time. */
    LEAN,
    /** What the store's own table of rows looks like. */
    STORE
  }

  private static final String OBVIOUS =
      """
      CREATE TABLE measurement (
        ts         BIGINT NOT NULL,
        latency_us BIGINT NOT NULL,
        component  TEXT NOT NULL,
        command    TEXT NOT NULL,
        success    BOOLEAN NOT NULL
      );
      CREATE INDEX measurement_ts ON measurement (ts);
      CREATE INDEX measurement_component_ts ON measurement (component, ts)
      """;

  private static final String LEAN =
      """
      CREATE TABLE measurement (
        ts         BIGINT NOT NULL,
        latency_us BIGINT NOT NULL,
        series_id  BIGINT NOT NULL,
        success    BOOLEAN NOT NULL
      );
      CREATE INDEX measurement_ts ON measurement USING brin (ts)
      """;

  private static final String STORE =
      """
      CREATE TABLE measurement (
        ts         BIGINT NOT NULL,
        latency_us BIGINT NOT NULL,
        series_id  BIGINT NOT NULL,
        success    BOOLEAN NOT NULL,
        metadata   TEXT
      ) PARTITION BY RANGE (ts);
      CREATE INDEX measurement_time ON measurement (ts, series_id);
      CREATE TABLE measurement_default PARTITION OF measurement DEFAULT;
      CREATE TABLE measurement_slot PARTITION OF measurement
        FOR VALUES FROM (1766707200000000) TO (1769472000000000)
      """;

  private static final String INSERT =
      "INSERT INTO measurement (ts, latency_us, component, command, success) VALUES (?, ?, ?, ?, ?)";
  private static final byte[] BINARY_HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final Shape shape;
  private final Connection connection;
  private final Map<String, Map<String, Long>> series = new HashMap<>();

  private PostgresRows(Shape shape, Connection connection) {
    this.shape = shape;
    this.connection = connection;
  }

  /**
   * An empty table.
   *
   * @param rewritten whether the driver makes one statement of a batch
   */
  static PostgresRows create(Shape shape, String url, boolean rewritten) throws SQLException {
    java.net.URI place = java.net.URI.create(url);
    String[] login = place.getUserInfo().split(":", 2);
    Properties properties = new Properties();
    properties.setProperty("user", login[0]);
    properties.setProperty("password", login[1]);
    properties.setProperty("reWriteBatchedInserts", Boolean.toString(rewritten));
    Connection connection =
        DriverManager.getConnection(
            "jdbc:postgresql://" + place.getHost() + ":" + place.getPort() + place.getPath(),
            properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          switch (shape) {
            case OBVIOUS -> OBVIOUS;
            case LEAN -> LEAN;
            case STORE -> STORE;
          });
    }
    connection.setAutoCommit(false);
    return new PostgresRows(shape, connection);
  }

  /** Inserts a JDBC batch in one transaction, into the obvious table. */
  long insert(List<LatencyMeasurement> measurements) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (LatencyMeasurement measurement : measurements) {
        insert.setLong(1, measurement.timestampMicros());
        insert.setLong(2, measurement.latencyMicros());
        insert.setString(3, measurement.component());
        insert.setString(4, measurement.command());
        insert.setBoolean(5, measurement.success());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    return measurements.size();
  }

  /** Copies text in one transaction, into the obvious table. */
  long copyText(List<LatencyMeasurement> measurements) throws SQLException {
    StringBuilder text = new StringBuilder(measurements.size() * 48);
    for (LatencyMeasurement measurement : measurements) {
      text.append(measurement.timestampMicros())
          .append('\t')
          .append(measurement.latencyMicros())
          .append('\t')
          .append(measurement.component())
          .append('\t')
          .append(measurement.command())
          .append(measurement.success() ? "\tt\n" : "\tf\n");
    }
    return copy("COPY measurement FROM STDIN", text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Copies the binary form in one transaction. */
  long copyBinary(List<LatencyMeasurement> measurements) throws SQLException, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(measurements.size() * 64);
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(BINARY_HEADER);
    for (LatencyMeasurement measurement : measurements) {
      out.writeShort(shape == Shape.OBVIOUS ? 5 : 4);
      write(out, measurement.timestampMicros());
      write(out, measurement.latencyMicros());
      if (shape == Shape.OBVIOUS) {
        write(out, measurement.component());
        write(out, measurement.command());
      } else {
        write(out, seriesId(measurement));
      }
      out.writeInt(1);
      out.writeByte(measurement.success() ? 1 : 0);
    }
    out.writeShort(-1);
    return copy(
        shape == Shape.OBVIOUS
            ? "COPY measurement FROM STDIN BINARY"
            : "COPY measurement (ts, latency_us, series_id, success) FROM STDIN BINARY",
        bytes.toByteArray());
  }

  private long seriesId(LatencyMeasurement measurement) {
    return series
        .computeIfAbsent(measurement.component(), component -> new HashMap<>())
        .computeIfAbsent(
            measurement.command(), command -> new Series(measurement.component(), command).id());
  }

  private static void write(DataOutputStream out, long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private static void write(DataOutputStream out, String value) throws IOException {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private long copy(String sql, byte[] rows) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    copy.writeToCopy(rows, 0, rows.length);
    long copied = copy.endCopy();
    connection.commit();
    return copied;
  }

  /** Deletes in one transaction what is before a moment; returns how many rows that were. */
  long deleteBefore(long micros) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM measurement WHERE ts < ?")) {
      delete.setLong(1, micros);
      int rows = delete.executeUpdate();
      connection.commit();
      return rows;
    }
  }

  /** Lets what is deleted be used again. */
  void vacuum() throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("VACUUM measurement");
    }
    connection.setAutoCommit(false);
  }

  /** How large the table is, with its indexes and partitions. */
  long sizeBytes() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE 'measurement%' AND relkind = 'r'")) {
      row.next();
      return row.getLong(1);
    }
  }

  long count() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM measurement")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
