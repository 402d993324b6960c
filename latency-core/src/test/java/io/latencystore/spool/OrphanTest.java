package io.latencystore.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.spool.Spools.Adopted;
import io.latencystore.spool.Spools.Found;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in the spool of a dead process, whole or damaged. */
final class OrphanTest {

  private static final int CELLS = 60;

  @TempDir Path directory;

  private final long seed = Long.getLong("latency.seed", new SecureRandom().nextLong());
  private final Random random = new Random(seed);
  private Path root;
  private Path copy;
  private List<Found> recorded;

  @BeforeEach
  void leaveASpool() throws IOException {
    root = directory.resolve("latency.db.spool");
    copy = directory.resolve("copy.db.spool");
    Spool spool = Spools.open(root);
    recorded = Spools.fill(spool, 0, 40);
    spool.close();
    Spools.copy(root, copy);
  }

  /** Asserts that nothing is found that was not recorded, nothing twice, and in order. */
  private List<Found> assertPartOfWhatWasRecorded(String what) throws IOException {
    List<Found> found = Spools.adopt(copy).measurements();
    int next = 0;
    for (Found each : found) {
      List<Found> rest = recorded.subList(next, recorded.size());
      int at = each.series() == null ? indexByContent(rest, each) : rest.indexOf(each);
      assertThat(at).as("%s: %s in order, seed %d", what, each, seed).isNotNegative();
      next += at + 1;
    }
    return found;
  }

  private static int indexByContent(List<Found> recorded, Found nameless) {
    for (int i = 0; i < recorded.size(); i++) {
      Found each = recorded.get(i);
      if (nameless.equals(
          new Found(null, each.success(), each.timestamp(), each.latency(), each.metadata()))) {
        return i;
      }
    }
    return -1;
  }

  private Path firstSegment() throws IOException {
    return Spools.segments(copy).get(0);
  }

  private static void truncate(Path file, long length) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(length);
    }
  }

  private static void write(Path file, long at, byte[] bytes) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.seek(at);
      access.write(bytes);
    }
  }

  @Test
  void everythingIsFoundInOneThatIsWhole() throws IOException {
    Adopted adopted = Spools.adopt(copy);

    assertThat(adopted.measurements()).isEqualTo(recorded).hasSize(40);
    assertThat(adopted.damaged()).isZero();
  }

  @Test
  void whatLiesInSeveralSegmentsIsFoundInOrder() throws IOException {
    Path large = directory.resolve("large.db.spool");
    Spool spool = Spools.open(large);
    List<Found> all = Spools.fill(spool, 0, 25_000);
    spool.close();

    Adopted adopted = Spools.adopt(large);

    assertThat(Spools.segments(large)).hasSizeGreaterThan(1);
    assertThat(all).hasSizeGreaterThan(20_000);
    assertThat(adopted.measurements().equals(all)).isTrue();
    assertThat(adopted.damaged()).isZero();
  }

  @Test
  void onlyItsOwnStoreAdoptsIt() throws IOException {
    assertThat(Spools.directory(copy).adopt("another-store")).isEmpty();
    assertThat(Spools.adopt(copy).orphans()).isEqualTo(1);
  }

  @Test
  void oneWhoseStoreIsNotKnownYetIsAdoptedByItsPlace() throws IOException {
    Path unnamed = directory.resolve("unnamed.db.spool");
    Spool spool =
        new Spool(Spools.PRODUCER, Spools.directory(unnamed).create(Spools.PRODUCER), Spools.SMALL);
    List<Found> all = Spools.fill(spool, 0, 10);
    spool.close();

    assertThat(new SpoolDirectory(unnamed, "/elsewhere").adopt(Spools.STORE)).isEmpty();
    assertThat(Spools.adopt(unnamed).measurements()).isEqualTo(all);
  }

  @Test
  void whatIsTakenOverIsNotTakenTwice() throws IOException {
    List<Orphan> first = Spools.directory(copy).adopt(Spools.STORE);
    try {
      assertThat(first).hasSize(1);
      assertThat(Spools.directory(copy).adopt(Spools.STORE)).isEmpty();
    } finally {
      for (Orphan orphan : first) {
        orphan.place().remove(() -> true);
      }
    }
    assertThat(Files.exists(copy)).isFalse();
  }

  @Test
  void aSpoolThatIsInUseIsNotTakenOver() throws IOException {
    Path used = directory.resolve("used.db.spool");
    Spool spool = Spools.open(used);
    Spools.fill(spool, 0, 10);

    assertThat(Spools.directory(used).adopt(Spools.STORE)).isEmpty();

    spool.close();
    assertThat(Spools.adopt(used).measurements()).hasSize(10);
  }

  @Test
  void aSegmentCutAtAnyByteGivesWhatLiesBeforeTheCut() throws IOException {
    Path segment = firstSegment();
    byte[] whole = Files.readAllBytes(segment);
    int end = Segment.HEAD_BYTES + CELLS * Segment.CELL_BYTES;
    List<Long> cuts = new ArrayList<>();
    for (long cut = whole.length - 1L; cut > end; cut -= 97_003) {
      cuts.add(cut);
    }
    for (long cut = end; cut > Segment.HEAD_BYTES - 3; cut--) {
      cuts.add(cut);
    }
    for (long cut : new long[] {4_000, 1_000, 100, 25, 24, 23, 17, 16, 15, 9, 8, 7, 1, 0}) {
      cuts.add(cut);
    }
    int before = recorded.size();
    for (long cut : cuts) {
      truncate(segment, cut);

      List<Found> found = assertPartOfWhatWasRecorded("cut at " + cut);

      assertThat(found).as("cut at %d", cut).isEqualTo(recorded.subList(0, found.size()));
      assertThat(found.size()).as("cut at %d", cut).isLessThanOrEqualTo(before);
      before = found.size();
    }
    assertThat(before).isZero();
  }

  @Test
  void aBitFlippedInAnyByteOfACellCostsAtMostThatRecord() throws IOException {
    Path segment = firstSegment();
    byte[] whole = Files.readAllBytes(segment);
    int last = Segment.HEAD_BYTES + CELLS * Segment.CELL_BYTES;
    for (int at = Segment.HEAD_BYTES; at < last; at++) {
      int bit = random.nextInt(8);
      write(segment, at, new byte[] {(byte) (whole[at] ^ 1 << bit)});

      List<Found> found = assertPartOfWhatWasRecorded("bit " + bit + " of byte " + at);

      assertThat(found).hasSizeGreaterThanOrEqualTo(recorded.size() - 1);
      write(segment, at, new byte[] {whole[at]});
    }
    assertThat(Spools.adopt(copy).measurements()).isEqualTo(recorded);
  }

  @Test
  void aBitFlippedInAHeadIsCountedAsDamage() throws IOException {
    Path segment = firstSegment();
    byte[] whole = Files.readAllBytes(segment);
    for (int at = 0; at < 32; at++) {
      for (int bit = 0; bit < 8; bit++) {
        write(segment, at, new byte[] {(byte) (whole[at] ^ 1 << bit)});

        List<Found> found = assertPartOfWhatWasRecorded("bit " + bit + " of byte " + at);
        long damaged = Spools.adopt(copy).damaged();

        assertThat(found.size() == recorded.size() || damaged > 0)
            .as("bit %d of byte %d: %d found, %d damaged", bit, at, found.size(), damaged)
            .isTrue();
      }
      write(segment, at, new byte[] {whole[at]});
    }
  }

  @Test
  void aBitFlippedInOrACutOfTheNamesTakesNamesButGivesNoOther() throws IOException {
    Path names = Spools.place(copy).resolve("series");
    byte[] whole = Files.readAllBytes(names);
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        Files.write(names, flipped);

        assertThat(assertPartOfWhatWasRecorded("bit " + bit + " of byte " + at))
            .hasSize(recorded.size());
      }
    }
    for (int cut = 0; cut < whole.length; cut++) {
      Files.write(names, whole);
      truncate(names, cut);

      assertThat(assertPartOfWhatWasRecorded("cut at " + cut)).hasSize(recorded.size());
    }
    Files.delete(names);
    assertThat(assertPartOfWhatWasRecorded("no names")).hasSize(recorded.size());
  }

  @Test
  void aDamagedNameOfTheStoreHarmsNoOtherSpool() throws IOException {
    Path store = Spools.place(copy).resolve("store");
    byte[] whole = Files.readAllBytes(store);
    Path other = copy.resolve("77");
    Files.createDirectory(other);
    Files.write(other.resolve("store"), Spools.STORE.getBytes(UTF_8));
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        Files.write(store, flipped);

        assertThat(Spools.adopt(copy).orphans()).isEqualTo(1);
      }
    }
    Files.write(store, new byte[0]);
    assertThat(Spools.adopt(copy).measurements()).isEqualTo(recorded);
  }

  @Test
  void aFileOfRandomBytesOrNamesThatClaimToBeHugeGiveNothing() throws IOException {
    for (int round = 0; round < 20; round++) {
      byte[] noise = new byte[random.nextInt(Segment.BYTES * 2)];
      random.nextBytes(noise);
      Files.write(firstSegment(), noise);
      byte[] names = new byte[1_000];
      random.nextBytes(names);
      names[3] = 0x7f;
      Files.write(Spools.place(copy).resolve("series"), names);

      assertThat(Spools.adopt(copy).measurements()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void twoSegmentsThatClaimTheSamePlaceGiveItsMeasurementsOnce() throws IOException {
    Files.copy(firstSegment(), Spools.place(copy).resolve("99.segment"));

    Adopted adopted = Spools.adopt(copy);

    assertThat(adopted.measurements()).isEqualTo(recorded);
    assertThat(adopted.damaged()).isPositive();
  }

  @Test
  void whatARecycledSegmentHeldBeforeNeverComesBack() throws Exception {
    Path recycled = directory.resolve("recycled.db.spool");
    Spool spool = Spools.open(recycled);
    List<Found> all = new ArrayList<>();
    int perRound = 20_000;
    for (int round = 0; round < 12; round++) {
      all.addAll(Spools.fill(spool, round * perRound, (round + 1) * perRound));
      spool.release(spool.tail());
    }
    long released = spool.committed();
    List<Found> last = Spools.fill(spool, 1_000_000, 1_000_050);
    spool.close();

    Adopted adopted = Spools.adopt(recycled);

    assertThat(released).isGreaterThan(8L * Segment.CELLS);
    assertThat(last).hasSize(50);
    List<Found> found = adopted.measurements();
    assertThat(found.subList(found.size() - 50, found.size())).isEqualTo(last);
    List<Found> before = found.subList(0, found.size() - 50);
    assertThat(before.size()).as("only the rest of the segment in use").isLessThan(Segment.CELLS);
    assertThat(before.equals(all.subList(all.size() - before.size(), all.size()))).isTrue();
    assertThat(adopted.damaged()).isZero();
  }

  @Test
  void aSpoolOfWhichEverythingIsReleasedGoes() throws IOException {
    Path done = directory.resolve("done.db.spool");
    Spool spool = Spools.open(done);
    Spools.fill(spool, 0, 10);
    spool.release(spool.tail());

    spool.close();

    assertThat(Files.exists(done)).isFalse();
  }
}
