package io.latencystore.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.latencystore.Series;
import io.latencystore.SpoolOptions;
import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.SyncPolicy;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Spools on disk as tests need them, and what others find in them. */
final class Spools {

  static final long PRODUCER = 0x1234_5678_9abcL;
  static final String STORE = "the-store";
  static final String LOCATION = "/somewhere/latency.db";

  /** The options of a spool of four segments that drops what finds no room. */
  static final SpoolOptions SMALL =
      new SpoolOptions(4L << 20, 1_000, SyncPolicy.everyFlush(), OverflowPolicy.dropNewest());

  private Spools() {}

  /** A measurement as it was recorded, or found again. */
  record Found(
      @Nullable Series series, boolean success, long timestamp, long latency, String metadata) {}

  static SpoolDirectory directory(Path root) {
    return new SpoolDirectory(root, LOCATION);
  }

  static Spool open(Path root) throws IOException {
    Spool spool = new Spool(PRODUCER, directory(root).create(PRODUCER), SMALL);
    spool.belongsTo(STORE);
    return spool;
  }

  /** The {@code n}-th measurement of a workload in which every fifth has metadata. */
  static Found measurement(int n) {
    String metadata = n % 5 == 3 ? "@" + "é".repeat(n * 7 % 200) + n : "";
    return new Found(series(n % 3), n % 4 != 0, 1_772_366_400_000_000L + n * 1_000L, n, metadata);
  }

  static Series series(int index) {
    return new Series("component" + index, "command");
  }

  static boolean append(Spool spool, Found measurement) {
    Series series = measurement.series();
    int index = series == null ? -1 : spool.define(series);
    return measurement.metadata().isEmpty()
        ? spool.append(index, measurement.success(), measurement.timestamp(), measurement.latency())
        : spool.append(
            index,
            measurement.success(),
            measurement.timestamp(),
            measurement.latency(),
            measurement.metadata().getBytes(UTF_8));
  }

  static List<Found> fill(Spool spool, int from, int to) {
    List<Found> recorded = new ArrayList<>();
    for (int n = from; n < to; n++) {
      if (append(spool, measurement(n))) {
        recorded.add(measurement(n));
      }
    }
    return recorded;
  }

  /** What an adoption found. */
  record Adopted(List<Found> measurements, long damaged, int orphans) {}

  /** Adopts all spools in a directory, and lets go of them again. */
  static Adopted adopt(Path root) throws IOException {
    List<Found> found = new ArrayList<>();
    long damaged = 0;
    List<Orphan> orphans = directory(root).adopt(STORE);
    try {
      for (Orphan orphan : orphans) {
        for (long position : orphan.segmentPositions()) {
          orphan.read(
              position,
              Orphan.endOfSegment(position),
              (series, success, timestamp, latency, metadata) ->
                  found.add(
                      new Found(
                          orphan.series(series),
                          success,
                          timestamp,
                          latency,
                          metadata == null ? "" : new String(metadata, UTF_8))));
        }
        damaged += orphan.damaged();
      }
    } finally {
      for (Orphan orphan : orphans) {
        orphan.place().leave();
      }
    }
    return new Adopted(found, damaged, orphans.size());
  }

  /** Where the files of the only spool lie. */
  static Path place(Path root) {
    return root.resolve(Long.toHexString(PRODUCER));
  }

  static List<Path> segments(Path root) throws IOException {
    List<Path> segments = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(place(root), SegmentBuffers::isSegment)) {
      files.forEach(segments::add);
    }
    segments.sort(null);
    return segments;
  }

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(place(to));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(place(from))) {
      for (Path file : files) {
        Files.copy(file, place(to).resolve(file.getFileName()));
      }
    }
  }
}
