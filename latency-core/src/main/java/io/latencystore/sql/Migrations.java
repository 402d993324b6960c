package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_META;
import static io.latencystore.sql.schema.Tables.LATENCY_SCHEMA_HISTORY;

import io.latencystore.StoreException;
import io.latencystore.StoreIncompatibleException;
import io.latencystore.StoreLayout;
import io.latencystore.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.core.internal.resource.classpath.ClassPathResource;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database's schema up to this version: with Flyway, under the migration lock, in a
 * history table of our own so that a host application may have its own Flyway in the same database;
 * and without Flyway if the version is right already.
 */
public final class Migrations {

  private static final String STORE_ID = "store_id";
  private static final String LAYOUT = "layout";
  private static final String UNKNOWN = "unknown";

  private final Database database;

  /** The migrations of a database, none of which is made yet. */
  public Migrations(Database database) {
    this.database = database;
  }

  /**
   * Brings the schema up to this version.
   *
   * @param wanted the layout that the store shall have, or null to take whichever there is
   * @return the layout that it has
   * @throws StoreIncompatibleException if the schema is a newer version's, or the layout not the
   *     one that is wanted; a database that was empty may have got its tables then
   * @throws StoreUnavailableException if a migration fails; the schema is then as it was before
   *     that migration
   */
  public StoreLayout bringUp(@Nullable StoreLayout wanted) {
    try {
      StoreLayout found = database.exists() ? layoutIfCurrent() : null;
      if (found == null) {
        found =
            database.whileMigrating(
                () -> {
                  StoreLayout meanwhile = layoutIfCurrent();
                  return meanwhile == null ? migrate(wanted) : meanwhile;
                });
      }
      if (wanted != null && wanted != found) {
        throw new StoreIncompatibleException(
            database.location()
                + " keeps "
                + found.text()
                + ", not "
                + wanted.text()
                + "; open it without naming a layout, or copy it: latency copy SOURCE TARGET --layout "
                + wanted.text(),
            null);
      }
      return found;
    } catch (SQLException e) {
      throw database.explain(e, "migrate");
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("migrating " + database.location(), e);
    }
  }

  /** The layout of a database that needs no migration, or null. */
  private @Nullable StoreLayout layoutIfCurrent() throws SQLException {
    try (Connection connection = database.open(Database.Role.WRITER)) {
      String found = version(connection);
      if (found == null) {
        return null;
      }
      int comparison = MigrationVersion.fromVersion(found).compareTo(latest());
      if (comparison > 0) {
        throw new StoreIncompatibleException(
            database.location()
                + " has schema version "
                + found
                + ", which is newer than version "
                + latest()
                + " of this library; nothing was changed. Use the newer library",
            null);
      }
      return comparison == 0 ? recordedLayout(new Session(connection, database)) : null;
    }
  }

  /** The version of the schema, or null if there is none. */
  public @Nullable String version(Connection connection) throws SQLException {
    String history = LATENCY_SCHEMA_HISTORY.getName();
    if (!hasTable(connection, history)) {
      return null;
    }
    return Jooq.on(connection, database.sqlDialect())
        .select(LATENCY_SCHEMA_HISTORY.VERSION)
        .from(LATENCY_SCHEMA_HISTORY)
        .where(LATENCY_SCHEMA_HISTORY.SUCCESS.isTrue())
        .orderBy(LATENCY_SCHEMA_HISTORY.INSTALLED_RANK.desc())
        .limit(1)
        .fetchOne(LATENCY_SCHEMA_HISTORY.VERSION);
  }

  /** The names that are asked for are patterns there, so others may be among those found. */
  private boolean hasTable(Connection connection, String name) throws SQLException {
    String schema = database.schema();
    try (ResultSet tables = connection.getMetaData().getTables(null, schema, name, null)) {
      while (tables.next()) {
        if (name.equals(tables.getString("TABLE_NAME"))
            && (schema == null || schema.equals(tables.getString("TABLE_SCHEM")))) {
          return true;
        }
      }
      return false;
    }
  }

  private MigrationVersion latest() {
    MigrationVersion latest = MigrationVersion.EMPTY;
    for (String resource : database.migrations()) {
      String file = resource.substring(resource.lastIndexOf('/') + 1);
      MigrationVersion version =
          MigrationVersion.fromVersion(file.substring(1, file.indexOf("__")));
      latest = version.compareTo(latest) > 0 ? version : latest;
    }
    return latest;
  }

  private StoreLayout migrate(@Nullable StoreLayout wanted) throws SQLException {
    createSchema();
    try {
      FluentConfiguration flyway =
          Flyway.configure(database.getClass().getClassLoader())
              .loggers("slf4j")
              .dataSource(new DatabaseSource(database, Database.Role.WRITER))
              .table(LATENCY_SCHEMA_HISTORY.getName())
              .baselineOnMigrate(true)
              .baselineVersion("0")
              .resourceProvider(new Resources())
              .javaMigrationClassProvider(List::of);
      if (database.schema() != null) {
        flyway.schemas(database.schema()).createSchemas(false);
      }
      flyway.load().migrate();
    } catch (FlywayException e) {
      throw failed(e);
    }
    try (Connection connection = database.open(Database.Role.WRITER)) {
      Session session = new Session(connection, database);
      putIfAbsent(session, STORE_ID, UUID.randomUUID().toString());
      putIfAbsent(session, LAYOUT, (wanted == null ? StoreLayout.BLOCKS : wanted).text());
      database.afterMigration(connection);
      return Objects.requireNonNull(recordedLayout(session), "put there");
    }
  }

  /** Flyway would try for ten seconds where it is not allowed to. */
  private void createSchema() throws SQLException {
    String schema = database.schema();
    if (schema == null) {
      return;
    }
    try (Connection connection = database.open(Database.Role.WRITER);
        ResultSet schemas = connection.getMetaData().getSchemas(null, schema)) {
      boolean there = false;
      while (schemas.next()) {
        there |= schema.equals(schemas.getString("TABLE_SCHEM"));
      }
      if (!there) {
        Jooq.on(connection, database.sqlDialect()).createSchema(schema).execute();
      }
    } catch (DataAccessException e) {
      throw PooledConnections.explained(database, e, "migrate");
    }
  }

  private StoreException failed(FlywayException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        StoreException explained = database.explain(sql, "migrate");
        explained.addSuppressed(e);
        return explained;
      }
    }
    return new StoreUnavailableException(
        database.location()
            + " could not be brought to schema version "
            + latest()
            + ": "
            + e.getMessage(),
        e);
  }

  /** The layout of a store, or null if nobody has got as far as recording one. */
  private @Nullable StoreLayout recordedLayout(Session session) {
    String recorded = layout(session);
    if (recorded.equals(UNKNOWN)) {
      return null;
    }
    try {
      return StoreLayout.of(recorded);
    } catch (IllegalArgumentException e) {
      throw new StoreIncompatibleException(
          database.location()
              + " keeps "
              + recorded
              + ", which this library does not know; use the newer library",
          e);
    }
  }

  private static void putIfAbsent(Session session, String key, String value) {
    session
        .dsl()
        .insertInto(LATENCY_META)
        .set(LATENCY_META.KEY, key)
        .set(LATENCY_META.VALUE, value)
        .onConflictDoNothing()
        .execute();
  }

  /** What identifies the store, as it is recorded in its database. */
  public static String storeId(Session session) {
    return value(session, STORE_ID);
  }

  /** The text of the layout that is recorded there. */
  public static String layout(Session session) {
    return value(session, LAYOUT);
  }

  private static String value(Session session, String key) {
    String value =
        session
            .dsl()
            .select(LATENCY_META.VALUE)
            .from(LATENCY_META)
            .where(LATENCY_META.KEY.eq(key))
            .fetchOne(LATENCY_META.VALUE);
    return value == null ? UNKNOWN : value;
  }

  /** The fixed list of migrations: nothing is scanned for, which would fail in a named module. */
  private final class Resources implements ResourceProvider {

    @Override
    public @Nullable LoadableResource getResource(String name) {
      return database.migrations().contains(name) ? resource(name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return database.migrations().stream()
          .filter(name -> name.substring(name.lastIndexOf('/') + 1).startsWith(prefix))
          .filter(name -> List.of(suffixes).stream().anyMatch(name::endsWith))
          .map(this::resource)
          .toList();
    }

    private LoadableResource resource(String name) {
      return new ClassPathResource(
          null,
          name,
          database.getClass().getClassLoader(),
          java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
