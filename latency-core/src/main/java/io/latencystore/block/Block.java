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
public record Block(BlockHeader header, byte[] payload, byte @Nullable [] metadata) {}
