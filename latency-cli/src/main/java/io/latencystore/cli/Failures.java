package io.latencystore.cli;

import io.latencystore.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns what went wrong into one line on standard error and an exit code. With {@code
 * LATENCY_DEBUG} in the environment the stack trace follows.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

  private final Surroundings surroundings;

  Failures(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    Set<String> verbs = command.getSubcommands().keySet();
    say(
        String.valueOf(e.getMessage()).replaceFirst("^Error: ", "")
            + (verbs.isEmpty() ? "" : "; the verbs are " + String.join(", ", verbs))
            + "; see "
            + command.getCommandSpec().qualifiedName()
            + " --help");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult typed) {
    return report(e);
  }

  int report(Throwable failure) {
    if (StandardOutputException.isReaderGone(failure)) {
      return ExitCode.OK;
    }
    say(describe(failure));
    if (surroundings.env().containsKey("LATENCY_DEBUG")) {
      failure.printStackTrace(surroundings.err());
      surroundings.err().flush();
    }
    return failure instanceof IllegalArgumentException ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private void say(String message) {
    say(surroundings, message);
  }

  /** Prints one line for people on standard error. */
  static void say(Surroundings surroundings, String message) {
    surroundings.err().print("latency: " + Printable.of(message) + "\n");
    surroundings.err().flush();
  }

  private static String describe(Throwable failure) {
    if (failure instanceof StoreException
        || failure instanceof RefusedException
        || failure instanceof IllegalArgumentException) {
      return String.valueOf(failure.getMessage());
    } else if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return describe(unchecked.getCause());
    } else if (failure instanceof FileSystemException file) {
      return describe(file);
    } else if (failure instanceof StandardOutputException
        || failure instanceof FileNotFoundException) {
      return String.valueOf(failure.getMessage());
    } else if (failure instanceof IOException) {
      return "reading or writing failed: " + failure.getMessage();
    } else if (failure instanceof OutOfMemoryError) {
      return "out of memory ("
          + failure.getMessage()
          + "); give Java more with JAVA_TOOL_OPTIONS=-Xmx2g";
    }
    return "unexpected " + failure + "; LATENCY_DEBUG=1 shows where";
  }

  private static String describe(FileSystemException failure) {
    if (failure instanceof NoSuchFileException) {
      return failure.getFile() + ": no such file or directory";
    } else if (failure instanceof AccessDeniedException) {
      return failure.getFile() + ": permission denied";
    }
    return String.valueOf(failure.getMessage());
  }
}
