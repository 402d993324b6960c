package io.latencystore.sql;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/** jOOQ, as quiet and independent of the host's settings as it can be made. */
public final class Jooq {

  private static final Settings SETTINGS =
      new Settings()
          .withRenderSchema(false)
          .withExecuteLogging(false)
          .withReflectionCaching(false)
          .withInListPadding(true);

  static {
    startQuietly();
  }

  private Jooq() {}

  /** Renders SQL, without a connection. */
  public static DSLContext renderer(SQLDialect dialect) {
    return DSL.using(dialect, SETTINGS);
  }

  static DSLContext on(Connection connection, SQLDialect dialect) {
    return DSL.using(connection, dialect, SETTINGS);
  }

  /**
   * jOOQ logs a logo and a tip when it first renders, unless two properties say no: they say so
   * only meanwhile.
   */
  private static void startQuietly() {
    List<String> set = new ArrayList<>();
    for (String property : List.of("org.jooq.no-logo", "org.jooq.no-tips")) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "true");
        set.add(property);
      }
    }
    try {
      renderer(SQLDialect.DEFAULT).render(DSL.one());
    } finally {
      set.forEach(System::clearProperty);
    }
  }
}
