-- Times are microseconds since the Unix epoch, latencies microseconds, both signed 64-bit integers.
-- Everything lies in the schema that the search path names.

CREATE TABLE latency_meta (
  key   TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  CONSTRAINT latency_meta_pk PRIMARY KEY (key)
);

-- The id is the first 63 bits of SHA-256 over the names, so that it is the same in every database.
CREATE TABLE latency_series (
  id        BIGINT           NOT NULL,
  component TEXT COLLATE "C" NOT NULL,
  command   TEXT COLLATE "C" NOT NULL,
  CONSTRAINT latency_series_pk PRIMARY KEY (id)
);

CREATE SEQUENCE latency_block_id;

-- Some hundreds of measurements of one series and outcome, sorted by time, in one row.
-- A block lies in exactly one slot: slot = floor(ts / width of the level),
-- level 0: an hour, 1: a day, 2: 32 days, 3: 1,024 days.
-- A partition holds what begins in one slot of level 2; it is made by whoever first writes there.
CREATE TABLE latency_block (
  id        BIGINT  NOT NULL DEFAULT nextval('latency_block_id'),
  series_id BIGINT  NOT NULL,
  success   BOOLEAN NOT NULL,
  level     BIGINT  NOT NULL,
  slot      BIGINT  NOT NULL,
  first_ts  BIGINT  NOT NULL,
  last_ts   BIGINT  NOT NULL,
  count     BIGINT  NOT NULL,
  sum_us    BIGINT  NOT NULL,
  min_us    BIGINT  NOT NULL,
  max_us    BIGINT  NOT NULL,
  sum_sq    BIGINT,
  encoding  BIGINT  NOT NULL,
  crc32c    BIGINT  NOT NULL,
  payload   BYTEA   NOT NULL,
  CONSTRAINT latency_block_pk PRIMARY KEY (id, series_id, first_ts)
) PARTITION BY RANGE (first_ts);

-- Payloads are packed already.
ALTER TABLE latency_block ALTER COLUMN payload SET STORAGE EXTERNAL;

ALTER SEQUENCE latency_block_id OWNED BY latency_block.id;

CREATE INDEX latency_block_slot ON latency_block (level, slot, series_id);

-- What lies far from everything else, so that one stray timestamp makes no partition.
CREATE TABLE latency_block_default PARTITION OF latency_block DEFAULT;

-- Only for blocks in which a measurement has metadata.
CREATE TABLE latency_metadata (
  block_id BIGINT NOT NULL,
  content  BYTEA  NOT NULL,
  CONSTRAINT latency_metadata_pk PRIMARY KEY (block_id)
);

ALTER TABLE latency_metadata ALTER COLUMN content SET STORAGE EXTERNAL;

-- The other layout: one row for each measurement. A store has either blocks or these.
-- Nothing is unique, since two equal measurements are two measurements, and the order of columns wastes no padding.
CREATE TABLE latency_event (
  ts         BIGINT  NOT NULL,
  latency_us BIGINT  NOT NULL,
  series_id  BIGINT  NOT NULL,
  success    BOOLEAN NOT NULL,
  metadata   TEXT
) PARTITION BY RANGE (ts);

CREATE INDEX latency_event_time ON latency_event (ts, series_id);

CREATE TABLE latency_event_default PARTITION OF latency_event DEFAULT;

-- How far each producer's measurements are stored; changed in the transaction that stores them.
CREATE TABLE latency_producer (
  id         BIGINT NOT NULL,
  position   BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT latency_producer_pk PRIMARY KEY (id)
);

-- One row per block for other tools: exact for whole blocks, without decoding anything.
CREATE VIEW latency_block_summary AS
SELECT s.component,
       s.command,
       b.success,
       b.first_ts                             AS from_us,
       b.last_ts                              AS to_us,
       b.count,
       b.sum_us::double precision / b.count   AS mean_us,
       b.min_us,
       b.max_us
FROM latency_block b
JOIN latency_series s ON s.id = b.series_id;

-- Every measurement with its names, in the layout of rows. Select by ts, which is indexed; at is null before 4713 BC.
CREATE VIEW latency_events AS
SELECT e.ts,
       CASE WHEN e.ts >= -210866803200000000
            THEN (timestamp 'epoch'
                  + (e.ts / 86400000000)::int * interval '1 day'
                  + (e.ts % 86400000000) * interval '1 microsecond') AT TIME ZONE 'UTC'
       END AS at,
       e.latency_us,
       s.component,
       s.command,
       e.success,
       e.metadata
FROM latency_event e
JOIN latency_series s ON s.id = e.series_id;
