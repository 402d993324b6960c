package io.latencystore.sqlite;

import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreOptions;
import io.latencystore.StoreUnavailableException;
import io.latencystore.block.TimeOrdered;
import io.latencystore.file.LockFile;
import io.latencystore.file.PrivateFiles;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Failure;
import io.latencystore.sql.PooledConnections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * A database in a file: write-ahead log, one writer, readers on snapshots, and a lock file beside
 * it.
 *
 * <p>The file is never opened with Java's own input and output: closing such a channel would
 * release the locks that SQLite holds in this process.
 */
final class SqliteFile implements Database {

  static final List<String> MIGRATIONS =
      List.of("io/latencystore/migrations/sqlite/V1__latency_store.sql");
  private static final int SMALLEST_PAGE = 512;
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MIGRATION_TIMEOUT = Duration.ofMinutes(2);

  private final Path file;
  private final StoreOptions options;
  private final Connections connections;
  private final StagedRows staged = new StagedRows();
  private @Nullable LockFile lock;
  private volatile @Nullable Object fileKey;
  private boolean ours;

  SqliteFile(Path file, StoreOptions options) {
    this.file = file;
    this.options = options;
    this.connections = new PooledConnections(this, options);
  }

  @Override
  public synchronized void prepare() {
    NativeLibrary.load();
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    LockFile.refuseSecondClassLoader(lockFile);
    ours = isOurs(file, options);
    fileKey = null;
    try {
      if (lock != null) {
        lock.close(); // Whoever deleted the database may have deleted its lock file too.
      }
      lock = LockFile.open(lockFile);
    } catch (IOException e) {
      throw new StoreUnavailableException(
          lockFile
              + " cannot be opened ("
              + e
              + "); give this user the right to write in its directory",
          e);
    }
  }

  /** Whether the file is, or may become, the store's alone. */
  private static boolean isOurs(Path file, StoreOptions options) {
    if (!isThere(file)) {
      return true;
    }
    if (isShorterThanAPage(file)) {
      throw SqliteErrors.notADatabase(null, file.toString());
    }
    try (Connection connection = SqliteInspection.open(file)) {
      int applicationId = SqliteStatements.applicationId(connection);
      List<String> tables = SqliteStatements.tables(connection);
      if (applicationId == SqliteStatements.APPLICATION_ID
          || (applicationId == 0 && tables.isEmpty())) {
        return true;
      }
      if (options.shareDatabase() || tables.contains("latency_meta")) {
        return false;
      }
      throw new StoreIncompatibleException(
          file
              + " belongs to another application: it has "
              + (tables.isEmpty()
                  ? "the application_id " + applicationId
                  : "tables such as " + tables.get(0) + " and none of ours")
              + ". It was not changed; name another file, or open it with shareDatabase()",
          null);
    } catch (SQLException e) {
      throw SqliteErrors.explain(e, file.toString(), "look at it");
    }
  }

  private static boolean isThere(Path file) {
    try {
      return Files.exists(file) && Files.size(file) > 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** SQLite takes a file of a single byte for an empty one, and would write over it. */
  private static boolean isShorterThanAPage(Path file) {
    try {
      return Files.size(file) < SMALLEST_PAGE;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public SQLDialect sqlDialect() {
    return SQLDialect.SQLITE;
  }

  @Override
  public List<String> migrations() {
    return MIGRATIONS;
  }

  @Override
  public @Nullable String schema() {
    return null;
  }

  @Override
  public boolean exists() {
    return isThere(file);
  }

  @Override
  public Connections connections() {
    return connections;
  }

  @Override
  public Connection open(Role role) throws SQLException {
    checkFile();
    try {
      PrivateFiles.createFile(file);
    } catch (IOException e) {
      throw new SQLException("creating " + file, e);
    }
    if (fileKey == null) {
      fileKey = currentFileKey();
    }
    Connection connection = JDBC.createConnection("jdbc:sqlite:" + file.toUri(), properties());
    try {
      SqliteVersion.check(connection);
      if (role == Role.READER) {
        SqliteStatements.shapeReader(connection);
      } else {
        if (SqliteStatements.sizeBytes(connection) == 0) {
          SqliteStatements.shapeNewDatabase(connection);
        }
        String mode = SqliteStatements.useWriteAheadLog(connection);
        if (!mode.equals("wal")) {
          throw new SQLException(
              "the file system does not allow a write-ahead log; the journal mode stays " + mode);
        }
        SqliteStatements.shapeWriter(connection, options.relaxed());
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static Properties properties() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    config.setGetGeneratedKeys(false);
    config.enableLoadExtension(false);
    return config.toProperties();
  }

  @Override
  public void beginWrite(Connection connection) throws SQLException {
    checkFile();
    SqliteStatements.beginWrite(connection);
  }

  @Override
  public void beginRead(Connection connection) throws SQLException {
    checkFile();
    SqliteStatements.beginRead(connection);
  }

  /** SQLite does not notice that its file was deleted, and would go on writing to what is gone. */
  private void checkFile() throws SQLException {
    Object opened = fileKey;
    if (opened != null && !opened.equals(currentFileKey())) {
      throw new SqliteErrors.ReplacedException(
          "the file was deleted or replaced while it was open; it has to be opened again");
    }
  }

  /** What tells the file from another of its name, or null where that cannot be told. */
  private @Nullable Object currentFileKey() {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    SqliteStatements.commit(connection);
    staged.release(connection);
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    SqliteStatements.rollback(connection);
  }

  @Override
  public <T> T whileMigrating(Callable<T> work) throws Exception {
    return Objects.requireNonNull(lock, "prepared").alone(MIGRATION_TIMEOUT, work);
  }

  @Override
  public boolean tryMaintaining(Runnable work) {
    try {
      return lock().tryInTurn(work);
    } catch (IOException e) {
      throw new StoreUnavailableException(
          file + ": its lock file cannot be locked for maintenance (" + e + ")", e);
    }
  }

  private synchronized LockFile lock() {
    return Objects.requireNonNull(lock, "prepared");
  }

  @Override
  public void afterMigration(Connection connection) throws SQLException {
    if (ours) {
      SqliteStatements.setApplicationId(connection);
    }
    SqliteStatements.checkpoint(connection);
  }

  @Override
  public long unusedBytes(Connection connection) throws SQLException {
    return SqliteStatements.unusedBytes(connection);
  }

  @Override
  public long giveBack(Connection connection, long most) throws SQLException {
    return SqliteStatements.giveBack(connection, most);
  }

  @Override
  public long[] newBlockIds(Connection connection, int count) throws SQLException {
    return SqliteStatements.newBlockIds(connection, count);
  }

  @Override
  public boolean insertRows(Connection connection, TimeOrdered measurements) throws SQLException {
    return staged.insert(connection, measurements);
  }

  @Override
  public boolean makeDurable(Connection connection) throws SQLException {
    return SqliteStatements.checkpoint(connection);
  }

  @Override
  public boolean commitsAreDurable() {
    return !options.relaxed();
  }

  @Override
  public Failure classify(SQLException error) {
    return SqliteErrors.classify(error);
  }

  @Override
  public StoreException explain(SQLException error, String wanted) {
    SqlitePath.check(file);
    return SqliteErrors.explain(error, location(), wanted);
  }

  @Override
  public String version(Connection connection) throws SQLException {
    return SqliteVersion.of(connection);
  }

  @Override
  public long sizeBytes(Connection connection) throws SQLException {
    return SqliteStatements.sizeBytes(connection);
  }

  @Override
  public Path spoolDirectory() {
    Path named = options.spoolDirectory();
    return named == null ? file.resolveSibling(file.getFileName() + ".spool") : named;
  }

  @Override
  public synchronized void close() {
    connections.close();
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new StoreUnavailableException(file + ": releasing its lock failed (" + e + ")", e);
    }
  }
}
