package io.latencystore.sql;

import java.sql.SQLException;
import jdk.jfr.FlightRecorder;

/** Use of the connection that writes, of which Java Flight Recorder is told while it is on. */
final class Writing {

  private Writing() {}

  /** Does some work; one that fails is no event. */
  static <T> T during(String kind, String location, Session session, Connections.Work<T> work)
      throws SQLException {
    // The first event takes a process 150 ms, whether anybody wants it or not.
    if (!FlightRecorder.isInitialized()) {
      return work.run(session);
    }
    WritingEvent event = new WritingEvent();
    event.begin();
    T result = work.run(session);
    event.kind = kind;
    event.location = location;
    event.commit();
    return result;
  }
}
