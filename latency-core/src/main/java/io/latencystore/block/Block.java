package io.latencystore.block;

import org.jspecify.annotations.Nullable;

/**
 * Measurements of one series and outcome, encoded. The arrays are the block's own; nobody changes
 * them.
 *
 * @param header what is known without decoding
 * @param payload times and latencies, at most {@value BlockEncoder#MAX_PAYLOAD} bytes
 * @param metadata the metadata of its measurements, see {@link MetadataCodec}; null if none has any
 */
@SuppressWarnings("ArrayRecordComponent")
public record Block(BlockHeader header, byte[] payload, byte @Nullable [] metadata) {

  /**
   * How full a block is whose payload takes so many bytes: a share from 0 to 1 of what it may hold,
   * in bytes or in measurements.
   */
  public static double fullness(BlockHeader header, int payloadBytes) {
    return Math.max(
        (double) payloadBytes / BlockEncoder.MAX_PAYLOAD,
        (double) header.count() / BlockEncoder.MAX_COUNT);
  }
}
