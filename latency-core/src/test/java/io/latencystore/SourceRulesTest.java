package io.latencystore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules about the sources of all modules. */
final class SourceRulesTest {

  /**
   * The statements that only one database has; those for the server of tests; and names of series
   * and of messages of a protocol, which look like SQL.
   */
  private static final Set<String> MAY_HOLD_SQL =
      Set.of(
          "SqliteStatements.java",
          "PostgresStatements.java",
          "PartitionStatements.java",
          "PostgresServer.java",
          "PostgresMessage.java",
          "NamesFacet.java");

  /** Its peers are written in SQL on purpose. */
  private static final String BENCHMARKS = "latency-bench";

  private static final Pattern DIALECT = Pattern.compile("latency-(?:sqlite|postgres)\\b");

  private static final Pattern ABOVE_DATABASES =
      Pattern.compile("io\\.latencystore\\.(?:layout|compaction|upkeep|store)\\b");

  /** Comments and characters, so that quotes in them mean nothing; or a text in group 1 or 2. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*"
              + "|/\\*.*?\\*/"
              + "|'(?:[^'\\\\]|\\\\.)+'"
              + "|\"\"\"(.*?)\"\"\""
              + "|\"((?:[^\"\\\\\\n]|\\\\.)*)\"",
          Pattern.DOTALL);

  private static final Pattern SQL =
      Pattern.compile(
          "(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|BEGIN|COMMIT|ROLLBACK|WITH)(?:\\s.*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static Path root() {
    return Path.of(System.getProperty("latency.root", "..")).toAbsolutePath().normalize();
  }

  private static List<Path> mainSources() throws IOException {
    try (Stream<Path> modules = Files.list(root())) {
      return modules
          .map(module -> module.resolve(Path.of("src", "main", "java")))
          .filter(Files::isDirectory)
          .flatMap(SourceRulesTest::javaFiles)
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> literals(String source) {
    return TOKEN
        .matcher(source)
        .results()
        .map(SourceRulesTest::text)
        .filter(literal -> !literal.isBlank());
  }

  private static String text(MatchResult token) {
    String block = token.group(1);
    String line = token.group(2);
    return block != null ? block : line != null ? line : "";
  }

  private static boolean isSql(String literal) {
    return SQL.matcher(literal.strip()).matches();
  }

  @Test
  void sqlIsWrittenOnlyWhereItIsAllowed() throws IOException {
    Set<String> found = new TreeSet<>();
    for (Path file : mainSources()) {
      boolean allowed =
          MAY_HOLD_SQL.contains(file.getFileName().toString())
              || file.startsWith(root().resolve(BENCHMARKS));
      if (!allowed) {
        literals(Files.readString(file))
            .filter(SourceRulesTest::isSql)
            .forEach(literal -> found.add(root().relativize(file) + ": " + literal));
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void theSearchForSqlFindsTheStatementsOfSqlite() throws IOException {
    Path statements =
        mainSources().stream()
            .filter(file -> file.endsWith("SqliteStatements.java"))
            .findFirst()
            .orElseThrow();

    List<String> found =
        literals(Files.readString(statements)).filter(SourceRulesTest::isSql).toList();

    assertThat(found).contains("COMMIT", "BEGIN IMMEDIATE").hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "String a = \"select x from y\";",
        "f(\"\"\"\n   Select *\n  from t\"\"\");",
        "char c = '\"'; f(\"  delete from t\");",
        "/* \" */ f(\"commit\"); // \"",
      })
  void sqlIsFoundInAnyLiteral(String source) {
    assertThat(literals(source)).anyMatch(SourceRulesTest::isSql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "// \"select x\"",
        "/* \"select x\" */ f(\"updated_at\");",
        "f(\"withdrawn\", \"a \\\" select b\");"
      })
  void whatIsNoSqlLiteralIsNotFound(String source) {
    assertThat(literals(source)).noneMatch(SourceRulesTest::isSql);
  }

  @Test
  void dialectsUseNothingOfTheEngineThatLiesAboveDatabases() throws IOException {
    List<Path> dialects =
        mainSources().stream()
            .filter(file -> DIALECT.matcher(root().relativize(file).toString()).lookingAt())
            .toList();

    assertThat(dialects).hasSizeGreaterThan(20);
    for (Path file : dialects) {
      assertThat(Files.readString(file)).as("%s", file).doesNotContainPattern(ABOVE_DATABASES);
    }
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() throws IOException {
    Set<Path> packages =
        mainSources().stream().map(Path::getParent).collect(Collectors.toCollection(TreeSet::new));

    assertThat(packages).hasSizeGreaterThan(5);
    for (Path folder : packages) {
      Path info = folder.resolve("package-info.java");
      assertThat(info).exists();
      assertThat(Files.readString(info)).startsWith("/**").contains("@NullMarked");
    }
  }
}
