package io.latencystore.cli;

import java.io.IOException;
import java.util.List;

/**
 * A table for people: columns as wide as their widest cell, two spaces apart. Rows are asked for
 * twice, to measure and to print, so that a long table need not be held.
 */
final class Table {

  /** On which side a column's cells line up. */
  enum Side {
    LEFT,
    RIGHT
  }

  /** A column. */
  record Column(String title, Side side) {

    /** A column of text. */
    static Column text(String title) {
      return new Column(title, Side.LEFT);
    }

    /** A column of figures. */
    static Column figure(String title) {
      return new Column(title, Side.RIGHT);
    }
  }

  private final List<Column> columns;
  private final Iterable<List<String>> rows;

  Table(List<Column> columns, Iterable<List<String>> rows) {
    this.columns = List.copyOf(columns);
    this.rows = rows;
  }

  void print(Appendable out) throws IOException {
    List<String> titles = columns.stream().map(Column::title).toList();
    int[] widths = widths(titles);
    if (titles.stream().anyMatch(title -> !title.isEmpty())) {
      print(titles, widths, out);
    }
    for (List<String> row : rows) {
      print(row, widths, out);
    }
  }

  private int[] widths(List<String> titles) {
    int[] widths = titles.stream().mapToInt(Table::width).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    return widths;
  }

  private void print(List<String> cells, int[] widths, Appendable out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(widths[i] - width(cell));
      line.append(i == 0 ? "" : "  ");
      line.append(columns.get(i).side() == Side.LEFT ? cell + padding : padding + cell);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  /** The columns of a terminal that the text takes. */
  private static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> 2;
      default -> isWideSymbol(c) ? 2 : 1;
    };
  }

  /** Whether the character is among the emoji or the full-width forms. */
  private static boolean isWideSymbol(int c) {
    return (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0xFF01 && c <= 0xFF60);
  }
}
