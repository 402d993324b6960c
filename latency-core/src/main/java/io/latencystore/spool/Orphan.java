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
public final class Orphan implements SpoolReader {

  private final long producer;
  private final SpoolDirectory.Place place;
  private final TreeMap<Long, Path> segments = new TreeMap<>();
  private final List<Series> series;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(Segment.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private @Nullable Segment loaded;
  private long damaged;
  private long checkedTo;

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
    load(file);
    Segment segment = Segment.recover(producer, buffer);
    if (segment == null) {
      damaged += Segment.isUnused(buffer) ? 0 : 1;
    } else {
      boolean first = segments.putIfAbsent(segment.number(), file) == null;
      damaged += first && Files.size(file) >= Segment.BYTES ? 0 : 1;
    }
  }

  /** Fills the buffer with what a file holds, and zeros for what it lacks. */
  private void load(Path file) throws IOException {
    buffer.clear();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // A read may be short.
      }
    }
    while (buffer.hasRemaining()) {
      buffer.put((byte) 0);
    }
    buffer.clear();
  }

  @Override
  public long producer() {
    return producer;
  }

  /** The place that was taken over. */
  public SpoolDirectory.Place place() {
    return place;
  }

  @Override
  public @Nullable Series series(int index) {
    return index < series.size() ? series.get(index) : null;
  }

  /** How many cells, or whole segments, were found to hold nothing valid. */
  public long damaged() {
    return damaged;
  }

  /** The first position of each segment, ascending. */
  public List<Long> segmentPositions() {
    List<Long> positions = new ArrayList<>();
    segments.keySet().forEach(number -> positions.add(number << Segment.CELL_BITS));
    return positions;
  }

  /** The position behind the segment that begins at a position. */
  public static long endOfSegment(long first) {
    return first + Segment.CELLS;
  }

  /** Gives what lies from one position to another, both in one segment, to a visitor. */
  @Override
  public long read(long from, long to, SpoolVisitor visitor) throws IOException {
    Segment segment = segment(from >>> Segment.CELL_BITS);
    long position = from;
    while (segment != null && position < to) {
      int index = (int) (position - segment.firstPosition());
      int cells = segment.read(index, visitor);
      damaged += cells == Segment.DAMAGED && position >= checkedTo ? 1 : 0;
      position +=
          cells == Segment.UNPUBLISHED ? segment.cellsOfUnpublished(index) : Math.abs(cells);
    }
    checkedTo = Math.max(checkedTo, position);
    return Math.max(position, to);
  }

  /** The segment of a number; the last one is kept, since it may be asked for again. */
  private @Nullable Segment segment(long number) throws IOException {
    Segment last = loaded;
    if (last != null && last.number() == number) {
      return last;
    }
    loaded = null;
    Path file = segments.get(number);
    if (file != null) {
      load(file);
      loaded = Segment.recover(producer, buffer);
    }
    return loaded;
  }
}
