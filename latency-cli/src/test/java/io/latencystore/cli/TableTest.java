package io.latencystore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.latencystore.cli.Table.Column;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void linesUpTextOnTheLeftAndFiguresOnTheRight() throws IOException {
    StringBuilder out = new StringBuilder();

    new Table(
            List.of(Column.text("name"), Column.figure("n"), Column.text("")),
            List.of(List.of("a", "1,000", "x"), List.of("longer", "7", "")))
        .print(out);

    assertThat(out.toString())
        .isEqualTo(
            """
            name        n
            a       1,000  x
            longer      7
            """);
  }

  @Test
  void knowsThatSomeCharactersAreWiderThanOthers() throws IOException {
    StringBuilder out = new StringBuilder();

    new Table(
            List.of(Column.text(""), Column.text("")),
            List.of(List.of("内容", "|"), List.of("e\u0301e\u0301e\u0301e\u0301", "|")))
        .print(out);

    assertThat(out.toString()).isEqualTo("内容  |\ne\u0301e\u0301e\u0301e\u0301  |\n");
  }
}
