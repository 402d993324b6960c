package io.latencystore.sql;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Use of the connection that writes, while all others wait, for Java Flight Recorder. */
@Name("io.latencystore.Writing")
@Label("Writing")
@Category("Latency Store")
@Description("A transaction that writes, from the moment it may, or other work on its connection")
@StackTrace(false)
final class WritingEvent extends Event {

  @Label("Kind")
  @Description("write: a transaction; maintain: something else")
  String kind = "";

  @Label("Database")
  String location = "";
}
