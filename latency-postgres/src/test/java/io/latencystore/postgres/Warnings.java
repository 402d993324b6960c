package io.latencystore.postgres;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs, as long as this is open. */
final class Warnings extends Handler implements AutoCloseable {

  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final Logger logger;

  Warnings(Class<?> of) {
    logger = Logger.getLogger(of.getName());
    logger.addHandler(this);
  }

  /** Those that say this. */
  List<String> that(String say) {
    return messages.stream().filter(message -> message.contains(say)).toList();
  }

  @Override
  public void publish(LogRecord warning) {
    messages.add(warning.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
