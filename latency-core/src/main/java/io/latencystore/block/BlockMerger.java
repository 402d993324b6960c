package io.latencystore.block;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes several blocks of one series and outcome into fewer: they are decoded, sorted by time and
 * encoded anew, each filled before the next begins. For one thread; keeps its buffers.
 *
 * <ol>
 *   <li>{@link #add} decodes a block, which checks it against its checksum and its header.
 *   <li>{@link #merge} encodes what was added, decodes that again, and compares every measurement
 *       and the sums of the headers.
 * </ol>
 *
 * <p>The blocks should lie in one slot: then so do those that come out, at its level or below.
 */
public final class BlockMerger {

  private final BlockDecoder decoder = new BlockDecoder();
  private final BlockEncoder encoder = new BlockEncoder();
  private final Columns merged = new Columns();
  private final Columns decoded = new Columns();
  private BigInteger sumMicros = BigInteger.ZERO;
  private @Nullable BlockHeader first;

  /** A merger without blocks. */
  public BlockMerger() {}

  /**
   * Adds a block.
   *
   * @throws io.latencystore.StoreCorruptException if it is damaged; then nothing of it is added
   * @throws IllegalArgumentException if it is of another series or outcome than those before
   */
  public void add(Block block) {
    BlockHeader header = block.header();
    BlockHeader like = first;
    if (like != null
        && (like.seriesId() != header.seriesId() || like.success() != header.success())) {
      throw new IllegalArgumentException(
          header + " cannot be merged with " + like + ": another series or outcome");
    }
    decoder.decode(header, block.payload(), block.metadata(), decoded);
    first = header;
    sumMicros = sumMicros.add(BigInteger.valueOf(header.sumMicros()));
    for (int i = 0; i < decoded.size(); i++) {
      merged.add(decoded.timestamps()[i], decoded.latencies()[i], decoded.metadata(i));
    }
  }

  /** How many measurements were added. */
  public int size() {
    return merged.size();
  }

  /**
   * What was added, in new blocks; and forgets it.
   *
   * @throws IllegalStateException if they would not hold exactly what was added; nothing may be
   *     stored then
   */
  public List<Block> merge() {
    BlockHeader like = Objects.requireNonNull(first, "a block was added");
    List<Block> blocks = new ArrayList<>();
    try {
      merged.sort();
      encoder.encodeUncut(like.seriesId(), like.success(), merged, blocks::add);
      check(blocks);
      return blocks;
    } finally {
      clear();
    }
  }

  /** Forgets what was added. */
  public void clear() {
    merged.clear();
    sumMicros = BigInteger.ZERO;
    first = null;
  }

  private void check(List<Block> blocks) {
    int at = 0;
    BigInteger sum = BigInteger.ZERO;
    for (Block block : blocks) {
      decoder.decode(block.header(), block.payload(), block.metadata(), decoded);
      sum = sum.add(BigInteger.valueOf(block.header().sumMicros()));
      for (int i = 0; i < decoded.size(); i++, at++) {
        if (at == merged.size() || !isSame(i, at)) {
          throw new IllegalStateException(
              "merging changed measurement " + at + " of " + merged.size() + ": " + block.header());
        }
      }
    }
    if (at != merged.size() || !sum.equals(sumMicros)) {
      throw new IllegalStateException(
          "merging made "
              + at
              + " measurements with a sum of "
              + sum
              + " of "
              + merged.size()
              + " whose sum is "
              + sumMicros);
    }
  }

  private boolean isSame(int inBlock, int all) {
    return decoded.timestamps()[inBlock] == merged.timestamps()[all]
        && decoded.latencies()[inBlock] == merged.latencies()[all]
        && Objects.equals(decoded.metadata(inBlock), merged.metadata(all));
  }
}
