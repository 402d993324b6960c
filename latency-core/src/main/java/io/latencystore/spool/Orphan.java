package io.latencystore.spool;

import io.latencystore.Series;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The spool of a process that is dead, read through ordinary file reads. A cell that was claimed
 * and not published is a hole; one that holds nothing valid is counted and passed over. For one
 * thread.
 */
public final class Orphan {

  private final long producer;
  private final SpoolDirectory.Place place;
  private final TreeMap<Long, Path> segments = new TreeMap<>();
  private final List<Series> series;
  private long damaged;

  Orphan(long producer, SpoolDirectory.Place place) throws IOException {
    this.producer = producer;
    this.place = place;
    this.series = SeriesLog.read(place.seriesFile());
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(place.directory(), SegmentBuffers::isSegment)) {
      for (Path file : files) {
        add(file);
      }
    }
  }

  private void add(Path file) throws IOException {
    ByteBuffer buffer = load(file);
    Segment segment = Segment.recover(producer, buffer);
    if (segment == null) {
      damaged += Segment.isUnused(buffer) ? 0 : 1;
    } else {
      boolean first = segments.putIfAbsent(segment.number(), file) == null;
      damaged += first && Files.size(file) >= Segment.BYTES ? 0 : 1;
    }
  }

  /** What a file holds, with zeros for what it lacks. */
  private static ByteBuffer load(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Segment.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // A read may be short.
      }
    }
    return buffer.clear();
  }

  /** The number that identifies the spool. */
  public long producer() {
    return producer;
  }

  /** The place that was taken over. */
  public SpoolDirectory.Place place() {
    return place;
  }

  /** The series of an index, or null if its name was lost. */
  public @Nullable Series series(int index) {
    return index < series.size() ? series.get(index) : null;
  }

  /** How many cells, or whole segments, were found to hold nothing valid. */
  public long damaged() {
    return damaged;
  }

  /** How many positions a segment has. */
  public long segmentCells() {
    return Segment.CELLS;
  }

  /** The first position of each segment, ascending. */
  public List<Long> segmentPositions() {
    List<Long> positions = new ArrayList<>();
    segments.keySet().forEach(number -> positions.add(number << Segment.CELL_BITS));
    return positions;
  }

  /**
   * Gives what lies from a position to the end of its segment to a visitor.
   *
   * @return the position behind the segment
   */
  public long read(long from, SpoolVisitor visitor) throws IOException {
    long number = from >>> Segment.CELL_BITS;
    Path file = segments.get(number);
    Segment segment = file == null ? null : Segment.recover(producer, load(file));
    if (segment != null) {
      int index = (int) from & (Segment.CELLS - 1);
      while (index < Segment.CELLS) {
        int cells = segment.read(index, visitor);
        damaged += cells == Segment.DAMAGED ? 1 : 0;
        index +=
            cells == Segment.UNPUBLISHED ? segment.cellsOfUnpublished(index) : Math.max(1, cells);
      }
    }
    return (number + 1) << Segment.CELL_BITS;
  }
}
