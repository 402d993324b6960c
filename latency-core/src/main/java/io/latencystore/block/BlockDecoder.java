package io.latencystore.block;

import io.latencystore.StoreCorruptException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes blocks into columns: the exact measurements that were encoded, or a {@link
 * StoreCorruptException}. Never reads or allocates beyond what it has checked. For one thread;
 * keeps its buffer from block to block.
 */
public final class BlockDecoder {

  private final byte[] buffer = new byte[BlockEncoder.MAX_PAYLOAD + PackedColumn.PADDING];

  /** Decodes timestamps and latencies, and metadata if given. */
  public void decode(BlockHeader header, byte[] payload, byte @Nullable [] metadata, Columns into) {
    open(header, payload, into);
    int count = header.count();
    long[] timestamps = into.timestamps();
    int end = PackedColumn.read(buffer, 0, payload.length, timestamps, count - 1);
    addUp(header, timestamps);
    readLatencies(header, end, payload.length, into.latencies());
    if (metadata != null) {
      MetadataCodec.decode(metadata, into, header.crc32c());
    }
  }

  /** Decodes the latencies alone; the timestamps in {@code into} are left as they were. */
  public void decodeLatencies(BlockHeader header, byte[] payload, Columns into) {
    open(header, payload, into);
    int end = PackedColumn.skip(buffer, 0, payload.length, header.count() - 1);
    readLatencies(header, end, payload.length, into.latencies());
  }

  private void open(BlockHeader header, byte[] payload, Columns into) {
    header.check();
    if (header.encoding() != BlockEncoder.PACKED) {
      throw PackedColumn.corrupt("encoding " + header.encoding() + " is unknown to this version");
    }
    if (payload.length > BlockEncoder.MAX_PAYLOAD) {
      throw PackedColumn.corrupt("a payload of " + payload.length + " bytes");
    }
    header.checkCrc(payload);
    System.arraycopy(payload, 0, buffer, 0, payload.length);
    into.resize(header.count());
  }

  /** Turns deltas into timestamps, in place. */
  private static void addUp(BlockHeader header, long[] timestamps) {
    long timestamp = header.firstMicros();
    for (int i = 0; i < header.count() - 1; i++) {
      long delta = timestamps[i];
      timestamps[i] = timestamp;
      timestamp += delta;
      if (delta < 0 || timestamp > header.lastMicros() || timestamp < header.firstMicros()) {
        throw contradiction(header, "timestamps");
      }
    }
    timestamps[header.count() - 1] = timestamp;
    if (timestamp != header.lastMicros()) {
      throw contradiction(header, "timestamps");
    }
  }

  private void readLatencies(BlockHeader header, int at, int end, long[] latencies) {
    int count = header.count();
    if (PackedColumn.read(buffer, at, end, latencies, count) != end) {
      throw PackedColumn.corrupt("the payload goes on after its columns");
    }
    long base = header.minMicros();
    long span = header.maxMicros() - base;
    long sum = 0;
    long all = 0;
    long beyond = 0;
    for (int i = 0; i < count; i++) {
      long difference = latencies[i];
      all |= difference;
      beyond |= span - difference;
      latencies[i] = base + difference;
      sum += base + difference;
    }
    if (all < 0 || beyond < 0 || sum != header.sumMicros()) {
      throw contradiction(header, "latencies");
    }
  }

  private static StoreCorruptException contradiction(BlockHeader header, String what) {
    return PackedColumn.corrupt("its " + what + " contradict its header " + header);
  }
}
