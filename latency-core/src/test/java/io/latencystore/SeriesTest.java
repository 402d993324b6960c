package io.latencystore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class SeriesTest {

  private static final String ROCKET = "\ud83d\ude80";

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(
            "", "a", "ab", "b", "ä", "\uffff", "\ue000", "\ud7ff", ROCKET, "\ud83d\ude81")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property
  void theIdIsTheFirst63BitsOfTheHashOfTheNames(
      @ForAll("names") String component, @ForAll("names") String command) throws Exception {
    long id = new Series(component, command).id();

    assertThat(BigInteger.valueOf(id)).isEqualTo(expectedId(component, command));
  }

  private static BigInteger expectedId(String component, String command)
      throws NoSuchAlgorithmException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String name : List.of(component, command)) {
      byte[] utf8 = name.getBytes(UTF_8);
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.write(utf8.length >>> shift);
      }
      bytes.writeBytes(utf8);
    }
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    return new BigInteger(1, hash).shiftRight(256 - 63);
  }

  @Test
  void idsAreTheSameForever() {
    assertThat(new Series("editor", "completion").id()).isEqualTo(6_136_006_255_853_615_840L);
    assertThat(new Series("", "").id()).isEqualTo(6_317_064_264_968_340_925L);
    assertThat(new Series(ROCKET, "日本").id()).isEqualTo(6_985_055_580_277_165_545L);
  }

  @Test
  void namesThatJoinToTheSameTextAreDifferentSeries() {
    assertThat(new Series("ab", "c").id()).isNotEqualTo(new Series("a", "bc").id());
    assertThat(new Series("ab", "").id()).isNotEqualTo(new Series("", "ab").id());
  }

  @Property
  void seriesAreOrderedByCodePoints(
      @ForAll("names") String component,
      @ForAll("names") String command,
      @ForAll("names") String otherComponent,
      @ForAll("names") String otherCommand) {
    int order = new Series(component, command).compareTo(new Series(otherComponent, otherCommand));

    int byComponent = compareUtf8(component, otherComponent);
    int expected = byComponent != 0 ? byComponent : compareUtf8(command, otherCommand);
    assertThat(Integer.signum(order)).isEqualTo(Integer.signum(expected));
  }

  /** Bytes of UTF-8, read as unsigned, are in the order of code points. */
  private static int compareUtf8(String a, String b) {
    return Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));
  }

  @Test
  void supplementaryCharactersComeAfterAllOthers() {
    assertThat(new Series("\uffff", "")).isLessThan(new Series(ROCKET, ""));
    assertThat("\uffff").isGreaterThan(ROCKET);
  }

  @Test
  void limitsAreInBytesOfUtf8() {
    assertThat(new Series("é".repeat(512), ROCKET.repeat(4_096)).component()).hasSize(512);
    assertThatThrownBy(() -> new Series("é".repeat(512) + "x", ""))
        .isInstanceOf(InvalidMeasurementException.class)
        .hasMessageContainingAll("component", "1025 bytes", "1024");
    assertThatThrownBy(() -> new Series("", ROCKET.repeat(4_096) + "x"))
        .isInstanceOf(InvalidMeasurementException.class)
        .hasMessageContainingAll("command", "16385 bytes", "16384");
  }

  @Test
  void aLongNameIsShortenedInTheMessage() {
    assertThatThrownBy(() -> new Series("x".repeat(1_000_000), ""))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(300));
  }

  @Test
  void whatIsNoUnicodeTextIsRejected() {
    for (String name :
        List.of(
            "\0", "a\0", "\ud83d", "\ude80", "\ude80\ud83d", "a\ud83d\ud83d\ude80", "\ud83dx")) {
      assertThatThrownBy(() -> new Series(name, ""))
          .isInstanceOf(InvalidMeasurementException.class)
          .hasMessageContaining("component");
      assertThatThrownBy(() -> new Series("", name))
          .isInstanceOf(InvalidMeasurementException.class)
          .hasMessageContaining("command");
    }
  }

  @Test
  void namesAreKeptAsTheyAre() {
    for (String name : List.of(" ", " a ", "A", "\t\n", "İ", "ß", "e\u0301", "\u00e9", "\ufeff")) {
      assertThat(new Series(name, name)).isEqualTo(new Series(name, name));
      assertThat(new Series(name, name).component()).isEqualTo(name);
    }
    assertThat(new Series("e\u0301", "").id()).isNotEqualTo(new Series("\u00e9", "").id());
  }
}
