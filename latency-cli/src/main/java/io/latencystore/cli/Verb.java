package io.latencystore.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;

/** What all verbs are: they check what was typed, open the store, ask it, and print the answer. */
abstract class Verb implements Callable<Integer> {

  private final Main latency;

  Verb(Main latency) {
    this.latency = latency;
  }

  /**
   * Does what the verb says. What was typed is checked before the database is opened, so that a
   * mistake creates none.
   *
   * @throws IllegalArgumentException if what was typed makes no sense
   */
  abstract void run() throws IOException;

  @Override
  public final Integer call() throws IOException {
    run();
    return ExitCode.OK;
  }

  final Main latency() {
    return latency;
  }

  final Writer out() {
    return latency.surroundings().out();
  }
}
