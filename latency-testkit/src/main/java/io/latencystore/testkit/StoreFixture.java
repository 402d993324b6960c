package io.latencystore.testkit;

import io.latencystore.LatencyStore;
import io.latencystore.LatencyStoreBuilder;
import io.latencystore.StoreLayout;
import io.latencystore.sql.Dialect;
import io.latencystore.store.SqlStoreProvider;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the contract asks of a dialect's test. The test is an ordinary JUnit class, of which there
 * is one object for each test.
 */
@ExtendWith(LeakCheck.class)
public interface StoreFixture {

  /** The dialect under test. */
  Dialect dialect();

  /** The URL of a database that is empty before each test, and the same throughout one. */
  String url();

  /**
   * What is still open of that database, such as connections or files, each named for a message.
   * Asked after each test until nothing is, for at most ten seconds.
   */
  List<String> stillOpen();

  /** How measurements lie in the tables of the databases under test. */
  default StoreLayout layout() {
    return StoreLayout.BLOCKS;
  }

  /** The password of the database's user; anything but a common word where there is none. */
  default String password() {
    return "canary-2718";
  }

  /** A builder for a store on the database, with what else it takes to reach it. */
  default LatencyStoreBuilder builder() {
    return LatencyStore.builder(url());
  }

  /** Opens a store on the database. */
  default LatencyStore open() {
    return open(dialect(), builder -> builder);
  }

  /** Opens a store on the database with these options. */
  default LatencyStore open(UnaryOperator<LatencyStoreBuilder> options) {
    return open(dialect(), options);
  }

  /** Opens a store on the database with these options, through a dialect such as a faulty one. */
  default LatencyStore open(Dialect through, UnaryOperator<LatencyStoreBuilder> options) {
    return SqlStoreProvider.open(options.apply(builder().layout(layout())).options(), through);
  }
}
