package io.latencystore;

import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.RetryPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Everything a builder was told, for the engine and the dialects.
 *
 * @param url the database, as the user wrote it; may hold a password
 * @param user the user to log in as, or null
 * @param password the password to log in with, or null
 * @param dataSource where connections come from instead of from the URL, or null
 * @param layout how measurements shall lie in the tables, or null to take what is there, and blocks
 *     where nothing is
 * @param schema the schema that the tables lie in, or null for the usual one
 * @param shareDatabase whether the tables may lie among somebody else's
 * @param relaxed whether the last commits may be lost in a power cut, in exchange for fewer syncs
 * @param readers how many connections answer questions
 * @param readTimeout how long a question waits for one of them
 * @param appendBatch how many measurements a bulk load commits at once
 * @param spoolDirectory where spools lie, or null for the usual place
 * @param spool how the spool is kept
 * @param batch when what was recorded is written
 * @param retry how long to wait after a failure
 * @param overflowSeries what is recorded instead of a series beyond the greatest number, or null
 * @param listener who hears of what happens
 * @param maintenanceInterval how long maintenance rests between two rounds
 * @param startInBackground whether opening returns before the database is open
 * @param clock where the time comes from
 */
public record StoreOptions(
    String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable DataSource dataSource,
    @Nullable StoreLayout layout,
    @Nullable String schema,
    boolean shareDatabase,
    boolean relaxed,
    int readers,
    Duration readTimeout,
    int appendBatch,
    @Nullable Path spoolDirectory,
    SpoolOptions spool,
    BatchPolicy batch,
    RetryPolicy retry,
    @Nullable Series overflowSeries,
    StoreListener listener,
    Duration maintenanceInterval,
    boolean startInBackground,
    Clock clock) {

  /** The options without the URL and the password, which may be secret. */
  @Override
  public String toString() {
    return "StoreOptions[user="
        + user
        + ", layout="
        + layout
        + ", schema="
        + schema
        + ", shareDatabase="
        + shareDatabase
        + ", relaxed="
        + relaxed
        + ", readers="
        + readers
        + ", readTimeout="
        + readTimeout
        + ", appendBatch="
        + appendBatch
        + ", spoolDirectory="
        + spoolDirectory
        + ", spool="
        + spool
        + "]";
  }
}
