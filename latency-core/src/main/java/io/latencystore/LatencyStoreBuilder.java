package io.latencystore;

import io.latencystore.policy.BatchPolicy;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.RetentionPolicy;
import io.latencystore.policy.RetryPolicy;
import io.latencystore.policy.SyncPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceLoader;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Options of a store, each with a default. A bad value throws where it is set. Not safe for use by
 * several threads.
 */
public final class LatencyStoreBuilder {

  private static final BatchPolicy BATCH =
      BatchPolicy.upTo(65_536).or(BatchPolicy.within(Duration.ofSeconds(3)));
  private static final RetryPolicy RETRY =
      RetryPolicy.exponential(Duration.ofMillis(50), Duration.ofSeconds(5));
  private static final StoreListener NOBODY = new StoreListener() {};

  private final String url;
  private @Nullable String user;
  private @Nullable String password;
  private @Nullable DataSource dataSource;
  private @Nullable StoreLayout layout;
  private @Nullable String schema;
  private boolean shareDatabase;
  private boolean relaxed;
  private int readers = 4;
  private Duration readTimeout = Duration.ofSeconds(10);
  private int appendBatch = 50_000;
  private @Nullable Path spoolDirectory;
  private long spoolLimitBytes = 256L << 20;
  private int maxSeries = 100_000;
  private OverflowPolicy overflow = OverflowPolicy.block(Duration.ofSeconds(5));
  private BatchPolicy batch = BATCH;
  private RetryPolicy retry = RETRY;
  private SyncPolicy sync = SyncPolicy.every(Duration.ofSeconds(5));
  private @Nullable Series overflowSeries;
  private StoreListener listener = NOBODY;
  private @Nullable RetentionPolicy retention;
  private Duration maintenanceInterval = Duration.ofMinutes(1);
  private boolean startInBackground;
  private Clock clock = Clock.systemUTC();

  LatencyStoreBuilder(String url) {
    if (url.isBlank()) {
      throw new IllegalArgumentException(
          "the database URL is empty; name one, for instance sqlite:latency.db");
    }
    this.url = url;
  }

  /**
   * A builder from environment variables; see {@link LatencyStore#fromEnv}.
   *
   * @param env the variables, usually {@link System#getenv()}
   * @throws IllegalArgumentException if a variable is missing or its value is bad; the message
   *     names the variable
   */
  public static LatencyStoreBuilder fromEnv(Map<String, String> env) {
    return new Environment(env).builder();
  }

  /** The user to log in as, where the database has users. */
  public LatencyStoreBuilder user(String name) {
    user = name;
    return this;
  }

  /** The password to log in with; appears in no message. */
  public LatencyStoreBuilder password(String secret) {
    password = secret;
    return this;
  }

  /**
   * Takes connections from here instead of from the URL, which then only names the kind of
   * database: {@code LatencyStore.builder("postgresql:").dataSource(pool)}. The store gives every
   * connection back as it was, and never closes the source; what the source does to reach the
   * server, such as timeouts and encryption, is the caller's business. It must lend one connection
   * for writing, as many as there are {@link #readers} besides, and now and then one for
   * maintenance.
   */
  public LatencyStoreBuilder dataSource(DataSource source) {
    dataSource = source;
    return this;
  }

  /**
   * How measurements lie in the tables. An empty database gets {@link StoreLayout#BLOCKS} unless
   * told otherwise; without a layout named here, what is there is taken as it is. Opening what is
   * laid out otherwise throws {@link StoreIncompatibleException}.
   */
  public LatencyStoreBuilder layout(StoreLayout chosen) {
    layout = chosen;
    return this;
  }

  /**
   * The schema that the tables lie in, where the database has schemas; {@code latency} by default.
   *
   * @throws IllegalArgumentException unless it is lower-case letters, digits and underscores, at
   *     most 63 of them and no digit first
   */
  public LatencyStoreBuilder schema(String name) {
    if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          "schema("
              + Text.quoted(name)
              + "): must be lower-case letters, digits and underscores, at most 63 and no digit first");
    }
    schema = name;
    return this;
  }

  /** Allows the tables to lie in a database file that holds somebody else's tables. */
  public LatencyStoreBuilder shareDatabase() {
    shareDatabase = true;
    return this;
  }

  /**
   * Trades durability for fewer syncs: after a crash of the operating system the last commits may
   * be missing, always the last ones. A crash of the process loses nothing either way.
   */
  public LatencyStoreBuilder relaxed() {
    relaxed = true;
    return this;
  }

  /**
   * How many connections answer questions; 4 by default.
   *
   * @throws IllegalArgumentException unless it is from 1 to 64
   */
  public LatencyStoreBuilder readers(int connections) {
    if (connections < 1 || connections > 64) {
      throw new IllegalArgumentException("readers(" + connections + "): must be from 1 to 64");
    }
    readers = connections;
    return this;
  }

  /**
   * How long a question waits for a free reading connection before it throws {@link
   * StoreOverloadedException}; ten seconds by default.
   *
   * @throws IllegalArgumentException unless it is from 250 milliseconds to an hour
   */
  public LatencyStoreBuilder readTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(250)) < 0
        || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "readTimeout(" + timeout + "): must be from 250 ms to an hour");
    }
    readTimeout = timeout;
    return this;
  }

  /**
   * How many measurements {@link LatencyStore#append} commits at once; 50,000 by default.
   *
   * @throws IllegalArgumentException unless it is from 1 to 1,000,000
   */
  public LatencyStoreBuilder appendBatch(int measurements) {
    if (measurements < 1 || measurements > 1_000_000) {
      throw new IllegalArgumentException(
          "appendBatch(" + measurements + "): must be from 1 to 1000000");
    }
    appendBatch = measurements;
    return this;
  }

  /**
   * Where the spool lies. By default beside an SQLite file; and for a server in memory, so that
   * what is recorded and not stored is lost with the process.
   *
   * <p>A directory may be shared by all processes of one machine that record into the same store.
   */
  public LatencyStoreBuilder spoolDirectory(Path directory) {
    spoolDirectory = directory.toAbsolutePath().normalize();
    return this;
  }

  /**
   * How large the spool may become, in bytes; 256 MiB by default, room for eight million
   * measurements.
   *
   * @throws IllegalArgumentException unless it is from 4 MiB to 4 GiB
   */
  public LatencyStoreBuilder spoolLimit(long bytes) {
    if (bytes < 4L << 20 || bytes > 4L << 30) {
      throw new IllegalArgumentException("spoolLimit(" + bytes + "): must be from 4 MiB to 4 GiB");
    }
    spoolLimitBytes = bytes;
    return this;
  }

  /**
   * How many distinct series may be recorded while the store is open; 100,000 by default.
   *
   * @throws IllegalArgumentException unless it is from 1 to 16,000,000
   */
  public LatencyStoreBuilder maxSeries(int series) {
    if (series < 1 || series > 16_000_000) {
      throw new IllegalArgumentException("maxSeries(" + series + "): must be from 1 to 16000000");
    }
    maxSeries = series;
    return this;
  }

  /**
   * Records this series instead of any beyond {@link #maxSeries}; without it {@code recorder}
   * throws, and {@code record} drops and counts.
   *
   * @throws InvalidMeasurementException if a name cannot be stored
   */
  public LatencyStoreBuilder overflowSeries(String component, String command) {
    overflowSeries = new Series(component, command);
    return this;
  }

  /** When the spool is made to survive a power cut; by default within five seconds. */
  public LatencyStoreBuilder sync(SyncPolicy policy) {
    sync = policy;
    return this;
  }

  /** Who hears of what happens behind the caller's back; nobody by default. */
  public LatencyStoreBuilder listener(StoreListener who) {
    listener = who;
    return this;
  }

  /**
   * Lets {@link #open} return within milliseconds: recording works at once, while the database is
   * opened and migrated on the writer's thread. The first question and {@link LatencyStore#check}
   * wait for that. If it fails the state is {@link StoreState#FAILED}, {@code check}, {@code flush}
   * and questions throw why, and what was recorded stays in the spool.
   */
  public LatencyStoreBuilder startInBackground() {
    startInBackground = true;
    return this;
  }

  /**
   * What happens to a measurement when the spool is full; by default its caller waits for up to
   * five seconds.
   */
  public LatencyStoreBuilder overflow(OverflowPolicy policy) {
    overflow = policy;
    return this;
  }

  /**
   * When what was recorded is written; by default once 65,536 measurements wait, or one has for
   * three seconds.
   */
  public LatencyStoreBuilder batch(BatchPolicy policy) {
    batch = policy;
    return this;
  }

  /**
   * How long the writer waits after a failure; by default 50 milliseconds, doubling up to five
   * seconds.
   */
  public LatencyStoreBuilder retry(RetryPolicy policy) {
    retry = policy;
    return this;
  }

  /**
   * How long measurements are kept; without a policy, for ever. What has expired is not seen from
   * the moment on at which maintenance has asked the policy, and is deleted soon after. Of several
   * stores with different policies on one database the strictest wins, and what has expired once
   * stays so.
   */
  public LatencyStoreBuilder retention(RetentionPolicy policy) {
    retention = policy;
    return this;
  }

  /**
   * How long maintenance rests between two rounds; a minute by default. Of all processes that share
   * a database one at a time does such a round, and in one that finds nothing to do it costs a few
   * small questions.
   *
   * @throws IllegalArgumentException unless it is from 10 milliseconds to a day
   */
  public LatencyStoreBuilder maintenanceInterval(Duration interval) {
    if (interval.compareTo(Duration.ofMillis(10)) < 0
        || interval.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "maintenanceInterval(" + interval + "): must be from 10 ms to a day");
    }
    maintenanceInterval = interval;
    return this;
  }

  /** Where the time comes from; {@link Clock#systemUTC} by default. */
  public LatencyStoreBuilder clock(Clock source) {
    clock = source;
    return this;
  }

  /** Everything this builder was told. */
  public StoreOptions options() {
    return new StoreOptions(
        url,
        user,
        password,
        dataSource,
        layout,
        schema,
        shareDatabase,
        relaxed,
        readers,
        readTimeout,
        appendBatch,
        spoolDirectory,
        new SpoolOptions(spoolLimitBytes, maxSeries, sync, overflow),
        batch,
        retry,
        overflowSeries,
        listener,
        retention,
        maintenanceInterval,
        startInBackground,
        clock);
  }

  /** Opens the store; see {@link LatencyStore#open}. */
  public LatencyStore open() {
    Iterator<StoreProvider> engines =
        ServiceLoader.load(StoreProvider.class, LatencyStore.class.getClassLoader()).iterator();
    if (!engines.hasNext()) {
      throw new IllegalStateException(
          "no engine on the class path: META-INF/services of latency-core is missing; when shading, merge"
              + " service files");
    }
    return engines.next().open(options());
  }
}
