package io.latencystore.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.latencystore.StoreCorruptException;
import io.latencystore.block.Workload.Latencies;
import io.latencystore.block.Workload.Texts;
import io.latencystore.block.Workload.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Damaged blocks: the exact data, or {@link StoreCorruptException}, and nothing else. */
final class BlockCorruptionTest {

  private final BlockDecoder decoder = new BlockDecoder();
  private final Columns columns = new Columns();

  private static List<Block> blocks(int count, Texts texts, long seed) {
    List<Block> blocks = new ArrayList<>();
    for (Latencies latencies :
        List.of(Latencies.CONSTANT, Latencies.LOGNORMAL, Latencies.EVERY_MAGNITUDE)) {
      Workload workload = new Workload(Times.AROUND_EPOCH, latencies, texts, count, 1, seed);
      blocks.addAll(Blocks.encode(Blocks.batch(workload.measurements())));
    }
    return blocks;
  }

  /** The original's measurements, as text. */
  private String exact(Block block) {
    decoder.decode(block.header(), block.payload(), block.metadata(), columns);
    return contents();
  }

  private String contents() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      text.append(columns.timestamps()[i])
          .append(' ')
          .append(columns.latencies()[i])
          .append(' ')
          .append(columns.metadata(i))
          .append('\n');
    }
    return text.toString();
  }

  /** Decodes damaged data; returns whether the damage was seen. */
  private boolean isSeen(
      String exact, String damage, BlockHeader header, byte[] payload, byte @Nullable [] metadata) {
    try {
      decoder.decode(header, payload, metadata, columns);
    } catch (StoreCorruptException e) {
      return true;
    }
    assertThat(contents()).as(damage).isEqualTo(exact);
    return false;
  }

  private void assertSeen(
      String exact, String damage, BlockHeader header, byte[] payload, byte @Nullable [] metadata) {
    assertThat(isSeen(exact, damage, header, payload, metadata)).as(damage).isTrue();
  }

  @Test
  void everyFlippedBitOfASmallBlockIsSeen() {
    for (Block block : blocks(20, Texts.SOME, 1)) {
      String exact = exact(block);
      forEachFlippedBit(
          block.payload(),
          (bit, flipped) ->
              assertSeen(exact, "bit " + bit, block.header(), flipped, block.metadata()));
    }
  }

  private interface Flipped {
    void accept(int bit, byte[] flipped);
  }

  private static void forEachFlippedBit(byte[] bytes, Flipped consumer) {
    for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      consumer.accept(bit, flipped);
    }
  }

  @Property(tries = 100, seed = "1")
  void randomDamageOfLargeBlocksIsSeen(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int bits) {
    Random random = new Random(seed);
    for (Block block : blocks(2_000, Texts.NONE, seed)) {
      String exact = exact(block);
      byte[] damaged = block.payload().clone();
      for (int i = 0; i < bits; i++) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      }
      assertThat(
              Arrays.equals(damaged, block.payload())
                  || isSeen(exact, "seed " + seed, block.header(), damaged, null))
          .isTrue();
    }
  }

  @Test
  void everyTruncationAndExtensionIsSeen() {
    for (Block block : blocks(40, Texts.NONE, 2)) {
      String exact = exact(block);
      for (int length = 0; length < block.payload().length + 40; length++) {
        if (length != block.payload().length) {
          byte[] damaged = Arrays.copyOf(block.payload(), length);
          assertSeen(exact, "length " + length, block.header(), damaged, null);
        }
      }
      assertSeen(exact, "a huge payload", block.header(), new byte[1 << 20], null);
    }
  }

  @Test
  void everyFlippedBitOfAHeaderIsSeen() {
    for (Block block : blocks(20, Texts.NONE, 3)) {
      String exact = exact(block);
      forEachDamagedHeader(
          block.header(),
          damaged -> assertSeen(exact, "" + damaged, damaged, block.payload(), null));
    }
  }

  @Test
  void aMissingSumOfSquaresIsNotTakenForOne() {
    Block block = Blocks.ofLatencies(Long.MAX_VALUE / 2, 5).get(0);
    String exact = exact(block);
    assertThat(block.header().sumOfSquares()).isNull();

    for (long wrong : new long[] {-1, 0, 25, Long.MAX_VALUE, Long.MIN_VALUE}) {
      Fields damaged = new Fields(block.header());
      damaged.sumOfSquares = wrong;
      assertSeen(exact, "sum of squares " + wrong, damaged.header(), block.payload(), null);
    }
  }

  @Test
  void blocksWhosePayloadsWereExchangedAreSeen() {
    List<Block> blocks = blocks(2_000, Texts.NONE, 4);
    for (Block one : blocks) {
      String exact = exact(one);
      for (Block other : blocks) {
        if (!Arrays.equals(one.payload(), other.payload())) {
          assertSeen(exact, "exchanged", one.header(), other.payload(), null);
        }
      }
    }
  }

  @Test
  void damagedLatenciesAreSeenWithoutDecodingTimestamps() {
    Block block = blocks(20, Texts.NONE, 5).get(0);

    forEachFlippedBit(
        block.payload(),
        (bit, flipped) -> {
          try {
            decoder.decodeLatencies(block.header(), flipped, columns);
            fail("bit " + bit + " was not seen");
          } catch (StoreCorruptException e) {
            assertThat(e).hasMessageContaining("checksum");
          }
        });
  }

  @Test
  void everyDamageOfMetadataIsSeen() {
    for (Block block : blocks(20, Texts.ALL, 6)) {
      byte[] metadata = block.metadata();
      if (metadata == null) {
        throw new AssertionError("no metadata");
      }
      String exact = exact(block);
      forEachFlippedBit(
          metadata,
          (bit, flipped) ->
              assertSeen(exact, "bit " + bit, block.header(), block.payload(), flipped));
      for (int length = 0; length < metadata.length + 20; length++) {
        if (length != metadata.length) {
          byte[] damaged = Arrays.copyOf(metadata, length);
          assertSeen(exact, "length " + length, block.header(), block.payload(), damaged);
        }
      }
    }
  }

  @Test
  void anUnknownEncodingIsNotGuessed() {
    Block block = Blocks.ofLatencies(1, 2, 3).get(0);
    Fields fields = new Fields(block.header());
    fields.encoding = 2;
    BlockHeader header = fields.header().withCrc(block.payload(), block.payload().length);

    assertSeen(exact(block), "encoding 2", header, block.payload(), null);
  }

  @Test
  void aDecoderThatMetDamageDecodesTheNextBlock() {
    Block block = Blocks.ofLatencies(1, 2, 3).get(0);
    String exact = exact(block);
    assertSeen(exact, "no payload", block.header(), new byte[0], null);

    assertThat(exact(block)).isEqualTo(exact);
  }

  private static void forEachDamagedHeader(BlockHeader header, Consumer<BlockHeader> consumer) {
    for (int bit = 0; bit < Long.SIZE; bit++) {
      for (int field = 0; field < Fields.COUNT; field++) {
        Fields damaged = new Fields(header);
        damaged.flip(field, bit);
        if (!damaged.header().equals(header)) {
          consumer.accept(damaged.header());
        }
      }
    }
  }
}
