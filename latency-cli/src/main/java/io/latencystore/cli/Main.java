package io.latencystore.cli;

import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code latency} command: the options that every verb has, and the way to run a verb. */
@Command(
    name = "latency",
    description =
        "Keeps latency measurements in a database and answers questions about them exactly.",
    synopsisSubcommandLabel = "VERB",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    sortSynopsis = false)
public final class Main {

  private static final String URL_VARIABLE = "LATENCY_DATABASE_URL";
  private static final String DEFAULT_URL = "sqlite:latency.db";

  private final Surroundings surroundings;

  @Option(
      names = "--db",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = {
        "The database, for instance sqlite:latency.db.",
        "Default: $" + URL_VARIABLE + ", else " + DEFAULT_URL + "."
      })
  private @Nullable String url;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON object instead of tables for people.")
  private boolean json;

  Main(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param args what was typed after {@code latency}
   */
  public static void main(String[] args) {
    System.exit(run(Surroundings.ofProcess(), args));
  }

  /** Runs the command. Returns its exit code: 0 fine, 1 failed, 2 misused. */
  static int run(Surroundings surroundings, String... args) {
    Failures failures = new Failures(surroundings);
    try {
      int code = new Main(surroundings).commandLine(failures).execute(args);
      if (code == ExitCode.OK) {
        surroundings.out().flush();
      }
      return code;
    } catch (IOException | Error e) {
      return failures.report(e);
    }
  }

  private CommandLine commandLine(Failures failures) {
    return new CommandLine(this)
        .addSubcommand(new DemoCommand(this))
        .addSubcommand(new ImportCommand(this))
        .addSubcommand(new SummaryCommand(this))
        .addSubcommand(new TimelineCommand(this))
        .addSubcommand(new LastCommand(this))
        .addSubcommand(new SeriesCommand(this))
        .addSubcommand(new StatusCommand(this))
        .addSubcommand(new ExportCommand(this))
        .addSubcommand(new CopyCommand(this))
        .addSubcommand(new RetainCommand(this))
        .addSubcommand(new CompactCommand(this))
        .setOut(new PrintWriter(surroundings.out()))
        .setErr(surroundings.err())
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /** Whether the answer is for a program. */
  boolean json() {
    return json;
  }

  /** Opens the database that the options and the environment name; the caller closes it. */
  LatencyStore openStore() {
    return openStore(url, null);
  }

  /** The same, with this layout if it is named. */
  LatencyStore openStore(LayoutOption layout) {
    return openStore(url, layout);
  }

  /** Opens a database, with this layout if it is named; the rest is as the environment says. */
  LatencyStore openStore(@Nullable String named, @Nullable LayoutOption layout) {
    Map<String, String> env = new HashMap<>(surroundings.env());
    if (named != null) {
      if (named.isBlank()) {
        throw new IllegalArgumentException(
            "--db is empty; name a database, for instance " + DEFAULT_URL);
      }
      env.put(URL_VARIABLE, named);
    } else if (env.getOrDefault(URL_VARIABLE, "").isBlank()) {
      env.put(URL_VARIABLE, DEFAULT_URL);
    }
    LatencyStoreBuilder builder = LatencyStoreBuilder.fromEnv(env).clock(surroundings.clock());
    return (layout == null ? builder : layout.chosen(builder)).open();
  }

  /** The version that the jar's manifest names. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"latency " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
