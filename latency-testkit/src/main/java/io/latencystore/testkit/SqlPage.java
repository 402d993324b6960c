package io.latencystore.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements of the page {@code docs/sql.md}, which must work as they stand there. */
public final class SqlPage {

  private static final Pattern BLOCK =
      Pattern.compile("^```sql ?(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private SqlPage() {}

  /**
   * The statements that ask one view.
   *
   * @param view what they ask
   * @param database the word behind {@code sql} that marks what is for this database alone
   */
  public static List<String> statements(String view, String database) {
    Path page = Path.of(System.getProperty("latency.root", ".."), "docs", "sql.md");
    List<String> statements = new ArrayList<>();
    try {
      Matcher blocks = BLOCK.matcher(Files.readString(page));
      while (blocks.find()) {
        boolean ours = blocks.group(1).isEmpty() || blocks.group(1).equals(database);
        if (ours && blocks.group(2).contains(view)) {
          statements.add(blocks.group(2).strip());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(page + " cannot be read", e);
    }
    return statements;
  }
}
