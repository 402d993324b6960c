package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.latencystore.StoreCorruptException;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Blocks that were damaged on purpose, with a checksum that fits: decoding ends with plausible
 * columns or {@link StoreCorruptException}, in bounded memory.
 */
final class ForgedBlockTest {

  /** Columns of the largest block, and room for the message of an exception. */
  private static final long MOST_BYTES_A_DECODE = 4L << 20;

  private final BlockDecoder decoder = new BlockDecoder();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static List<Block> blocks(Latencies latencies, Texts texts, int count, long seed) {
    return Blocks.encode(
        Blocks.batch(
            new Workload(Times.AROUND_EPOCH, latencies, texts, count, 1, seed).measurements()));
  }

  private void assertHarmless(
      String damage, BlockHeader header, byte[] payload, byte @Nullable [] metadata) {
    Columns columns = new Columns();
    BlockHeader forged = header.withCrc(payload, payload.length);
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      decoder.decodeLatencies(forged, payload, columns);
      decoder.decode(forged, payload, metadata, columns);
    } catch (StoreCorruptException e) {
      assertBounded(damage, before);
      return;
    }
    assertBounded(damage, before);
    assertThat(columns.size()).as(damage).isEqualTo(header.count());
    for (int i = 0; i < columns.size(); i++) {
      assertThat(columns.timestamps()[i])
          .as(damage)
          .isBetween(header.firstMicros(), header.lastMicros());
      assertThat(columns.latencies()[i])
          .as(damage)
          .isBetween(header.minMicros(), header.maxMicros());
    }
    assertThat(Arrays.copyOf(columns.timestamps(), columns.size())).as(damage).isSorted();
  }

  private void assertBounded(String damage, long before) {
    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as("bytes allocated for " + damage)
        .isLessThan(MOST_BYTES_A_DECODE);
  }

  @Test
  void everyForgedBitOfSmallBlocksIsHarmless() {
    for (Latencies latencies : Latencies.values()) {
      for (Block block : blocks(latencies, Texts.NONE, 30, 1)) {
        for (int bit = 0; bit < block.payload().length * Byte.SIZE; bit++) {
          byte[] forged = block.payload().clone();
          forged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
          assertHarmless(latencies + " bit " + bit, block.header(), forged, null);
        }
      }
    }
  }

  @Property(tries = 60, seed = "1")
  void randomForgeriesAreHarmless(@ForAll Latencies latencies, @ForAll long seed) {
    Random random = new Random(seed);
    for (Block block : blocks(latencies, Texts.NONE, 1_500, seed)) {
      for (int attempt = 0; attempt < 20; attempt++) {
        byte[] forged = block.payload().clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
          forged[random.nextInt(Math.min(forged.length, 40))] = (byte) random.nextInt();
        }
        Fields fields = new Fields(block.header());
        if (random.nextBoolean()) {
          fields.flip(random.nextInt(Fields.COUNT), random.nextInt(Long.SIZE));
        }
        assertHarmless("seed " + seed, fields.header(), forged, null);
      }
    }
  }

  @Property(tries = 500, seed = "1")
  void noiseIsHarmless(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] noise = new byte[random.nextInt(BlockEncoder.MAX_PAYLOAD + 50)];
    random.nextBytes(noise);
    Fields fields = new Fields(Blocks.ofLatencies(1, Long.MAX_VALUE / 3, 4).get(0).header());
    fields.count = 1 + random.nextInt(BlockEncoder.MAX_COUNT);
    fields.sumMicros = random.nextLong();

    assertHarmless("seed " + seed, fields.header(), noise, null);
  }

  @Test
  void everyTruncationWithAFittingChecksumIsSeen() {
    for (Block block : blocks(Latencies.LOGNORMAL, Texts.NONE, 200, 2)) {
      for (int length = 0; length < block.payload().length + 20; length++) {
        if (length != block.payload().length) {
          byte[] forged = Arrays.copyOf(block.payload(), length);
          BlockHeader header = block.header().withCrc(forged, length);
          assertThatThrownBy(() -> decoder.decode(header, forged, null, new Columns()))
              .isInstanceOf(StoreCorruptException.class);
        }
      }
    }
  }

  @Test
  void aCountBeyondTheMostIsRefusedBeforeAnythingIsAllocated() {
    Block block = Blocks.ofLatencies(0, 0).get(0);
    for (int count : new int[] {0, -1, Integer.MIN_VALUE, 32_769, Integer.MAX_VALUE}) {
      Fields fields = new Fields(block.header());
      fields.count = count;
      BlockHeader header = fields.header().withCrc(block.payload(), block.payload().length);

      assertThatThrownBy(() -> decoder.decode(header, block.payload(), null, new Columns()))
          .isInstanceOf(StoreCorruptException.class);
      assertHarmless("count " + count, header, block.payload(), null);
    }
  }

  @Property(tries = 500, seed = "1")
  void forgedMetadataIsHarmless(@ForAll long seed) {
    Random random = new Random(seed);
    for (Block block : blocks(Latencies.CONSTANT, Texts.ALL, 50, seed)) {
      byte[] metadata = block.metadata();
      if (metadata != null) {
        byte[] forged = metadata.clone();
        forged[4 + random.nextInt(forged.length - 4)] = (byte) random.nextInt();
        assertHarmless("seed " + seed, block.header(), block.payload(), withCrc(forged));
      }
    }
  }

  @Property(tries = 1_000, seed = "1")
  void forgedTextsAreHarmless(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] noise = new byte[random.nextInt(60)];
    random.nextBytes(noise);
    for (int i = 0; i < noise.length; i++) {
      if (random.nextInt(3) > 0) {
        noise[i] = (byte) random.nextInt(4);
      }
    }
    Block block = Blocks.ofLatencies(1, 2, 3, 4, 5).get(0);

    assertHarmless("seed " + seed, block.header(), block.payload(), metadata(noise.length, noise));
  }

  @Test
  void metadataThatClaimsToBeHugeIsRefusedBeforeAnythingIsAllocated() {
    Block block = Blocks.ofLatencies(1, 2, 3).get(0);
    for (long claimed : new long[] {1 << 20, Integer.MAX_VALUE, 1L << 33, Long.MAX_VALUE}) {
      byte[] forged = metadata(claimed, new byte[1 << 20]);

      assertThatThrownBy(
              () -> decoder.decode(block.header(), block.payload(), forged, new Columns()))
          .isInstanceOf(StoreCorruptException.class);
      assertHarmless("length " + claimed, block.header(), block.payload(), forged);
    }
  }

  @Test
  void metadataThatNeedsADictionaryIsCorrupt() {
    Block block = Blocks.ofLatencies(1, 2, 3).get(0);
    Deflater deflater = new Deflater();
    deflater.setDictionary(new byte[] {1, 2, 3});
    byte[] forged = metadata(deflater, 10, new byte[10]);

    assertThatThrownBy(() -> decoder.decode(block.header(), block.payload(), forged, new Columns()))
        .isInstanceOf(StoreCorruptException.class);
  }

  private static byte[] metadata(long claimedLength, byte[] plain) {
    return metadata(new Deflater(), claimedLength, plain);
  }

  private static byte[] metadata(Deflater deflater, long claimedLength, byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[4_096];
    out.write(chunk, 0, 4);
    out.write(chunk, 0, Varint.write(chunk, 0, claimedLength));
    deflater.setInput(plain);
    deflater.finish();
    while (!deflater.finished()) {
      out.write(chunk, 0, deflater.deflate(chunk));
    }
    deflater.end();
    return withCrc(out.toByteArray());
  }

  private static byte[] withCrc(byte[] metadata) {
    CRC32C crc = new CRC32C();
    crc.update(metadata, 4, metadata.length - 4);
    for (int i = 0; i < 4; i++) {
      metadata[i] = (byte) (crc.getValue() >>> (Byte.SIZE * i));
    }
    return metadata;
  }
}
