package io.latencystore.sql;

import io.latencystore.StoreListener;
import io.latencystore.StoreState;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the store is doing, and who is told when that changes. Safe for use by any thread. */
final class StateWatch {

  private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);

  private final StoreListener listener;
  private final String location;
  private volatile StoreState state = StoreState.HEALTHY;
  private volatile @Nullable Throwable cause;

  StateWatch(StoreListener listener, String location) {
    this.listener = listener;
    this.location = location;
  }

  StoreState state() {
    return state;
  }

  /** What made the store other than healthy. */
  @Nullable Throwable cause() {
    return cause;
  }

  synchronized void change(StoreState now, @Nullable Throwable why) {
    StoreState before = state;
    cause = why;
    if (before == now) {
      return;
    }
    state = now;
    if (now == StoreState.FAILED) {
      LOG.error("{}: the writer stopped; what is recorded stays in the spool", location, why);
    } else if (why != null) {
      LOG.warn("{}: {} ({}); what is recorded is kept meanwhile", location, now, why.getMessage());
    } else {
      LOG.info("{}: {}", location, now);
    }
    tell(l -> l.stateChanged(before, now, why));
  }

  /** Tells the listener; what it throws stays here. */
  void tell(Consumer<StoreListener> news) {
    try {
      news.accept(listener);
    } catch (RuntimeException | Error e) {
      LOG.warn("{}: the listener failed", location, e);
    }
  }
}
