package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void leavesOrdinaryTextAlone() {
    String text = "größe 内容 👩‍👩‍👧 e\u0301 \\ \"x\"";

    assertThat(Printable.of(text)).isEqualTo(text);
  }

  @Test
  void escapesWhateverControlsATerminal() {
    assertThat(Printable.of("\u001b[31m\r\n\t\u0007\u007f\u009b\u2028\u2029\u202e\u2066"))
        .isEqualTo("\\u001b[31m\\r\\n\\t\\u0007\\u007f\\u009b\\u2028\\u2029\\u202e\\u2066");
  }

  @Test
  void escapesHalvesOfCharacters() {
    assertThat(Printable.of("a\ud800b")).isEqualTo("a\\ud800b");
  }

  @Test
  void shortensWhatIsTooLongForATable() {
    assertThat(Printable.cell("😀".repeat(61))).isEqualTo("😀".repeat(59) + "…");
    assertThat(Printable.cell("😀".repeat(60))).isEqualTo("😀".repeat(60));
  }
}
