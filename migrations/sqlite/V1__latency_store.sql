-- Times are microseconds since the Unix epoch, latencies microseconds, both signed 64-bit integers.

CREATE TABLE latency_meta (
  key   TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT latency_meta_pk PRIMARY KEY (key)
) WITHOUT ROWID;

-- The id is the first 63 bits of SHA-256 over the names, so that it is the same in every database.
CREATE TABLE latency_series (
  id        INTEGER NOT NULL,
  component TEXT    NOT NULL,
  command   TEXT    NOT NULL,
  CONSTRAINT latency_series_pk PRIMARY KEY (id)
);

-- Some hundreds of measurements of one series and outcome, sorted by time, in one row.
-- A block lies in exactly one slot: slot = floor(ts / width of the level),
-- level 0: an hour, 1: a day, 2: 32 days, 3: 1,024 days.
CREATE TABLE latency_block (
  id        INTEGER  NOT NULL,
  series_id INTEGER  NOT NULL,
  success   BOOLEAN  NOT NULL,
  level     SMALLINT NOT NULL,
  slot      INTEGER  NOT NULL,
  first_ts  INTEGER  NOT NULL,
  last_ts   INTEGER  NOT NULL,
  count     INTEGER  NOT NULL,
  sum_us    INTEGER  NOT NULL,
  min_us    INTEGER  NOT NULL,
  max_us    INTEGER  NOT NULL,
  sum_sq    INTEGER,
  encoding  SMALLINT NOT NULL,
  crc32c    INTEGER  NOT NULL,
  payload   BLOB     NOT NULL,
  CONSTRAINT latency_block_pk PRIMARY KEY (id)
);

CREATE INDEX latency_block_slot ON latency_block (level, slot, series_id);

-- Only for blocks in which a measurement has metadata.
CREATE TABLE latency_metadata (
  block_id INTEGER NOT NULL,
  content  BLOB    NOT NULL,
  CONSTRAINT latency_metadata_pk PRIMARY KEY (block_id)
);

-- The other layout: one row for each measurement. A store has either blocks or these.
-- Nothing is unique, since two equal measurements are two measurements. A failed insert ends its transaction anyway,
-- so that one statement need not be undone alone: that saves copying each page it changes.
-- The id is what SQLite numbers rows by anyway; with a name, rows can be copied from another database as they are stored.
CREATE TABLE latency_event (
  id         INTEGER NOT NULL,
  ts         INTEGER NOT NULL ON CONFLICT FAIL,
  latency_us INTEGER NOT NULL ON CONFLICT FAIL,
  series_id  INTEGER NOT NULL ON CONFLICT FAIL,
  success    BOOLEAN NOT NULL ON CONFLICT FAIL,
  metadata   TEXT,
  CONSTRAINT latency_event_pk PRIMARY KEY (id)
);

CREATE INDEX latency_event_time ON latency_event (ts, series_id);

-- How far each producer's measurements are stored; changed in the transaction that stores them.
CREATE TABLE latency_producer (
  id         INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT latency_producer_pk PRIMARY KEY (id)
);

-- One row per block for other tools: exact for whole blocks, without decoding anything.
CREATE VIEW latency_block_summary AS
SELECT s.component,
       s.command,
       b.success,
       b.first_ts              AS from_us,
       b.last_ts               AS to_us,
       b.count,
       b.sum_us * 1.0 / b.count AS mean_us,
       b.min_us,
       b.max_us
FROM latency_block b
JOIN latency_series s ON s.id = b.series_id;

-- Every measurement with its names, in the layout of rows. Select by ts, which is indexed; at is ISO 8601 in UTC,
-- and null where SQLite has no date.
CREATE VIEW latency_events AS
SELECT e.ts,
       strftime('%Y-%m-%dT%H:%M:%S',
                (e.ts - (e.ts % 1000000 + 1000000) % 1000000) / 1000000,
                'unixepoch')
         || printf('.%06dZ', (e.ts % 1000000 + 1000000) % 1000000) AS at,
       e.latency_us,
       s.component,
       s.command,
       e.success,
       e.metadata
FROM latency_event e
JOIN latency_series s ON s.id = e.series_id;
