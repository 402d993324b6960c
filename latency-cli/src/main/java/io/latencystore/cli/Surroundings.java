package io.latencystore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Clock;
import java.util.Map;

/**
 * Everything a run of the command meets outside itself.
 *
 * @param in standard input
 * @param out standard output as UTF-8; throws {@link StandardOutputException} where it cannot be
 *     written
 * @param err standard error as UTF-8
 * @param env the environment variables
 * @param clock where the time comes from
 * @param messages who reads standard error
 */
record Surroundings(
    InputStream in,
    Writer out,
    PrintWriter err,
    Map<String, String> env,
    Clock clock,
    Reader messages) {

  /** Who reads standard error. */
  enum Reader {
    PERSON,
    FILE
  }

  /** Surroundings with these streams. */
  static Surroundings of(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> env,
      Clock clock,
      Reader messages) {
    Writer text =
        new BufferedWriter(
            new OutputStreamWriter(new StandardOutputException.Thrower(out), UTF_8), 1 << 16);
    return new Surroundings(in, text, new PrintWriter(err, true, UTF_8), env, clock, messages);
  }

  /** Those of this process. */
  @SuppressWarnings("SystemConsoleNull")
  static Surroundings ofProcess() {
    // Since Java 22 a console is there even if nobody sits at it, unless this one is asked for.
    System.setProperty("jdk.console", "java.base");
    return of(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv(),
        Clock.systemUTC(),
        System.console() == null ? Reader.FILE : Reader.PERSON);
  }
}
