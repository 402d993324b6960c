package io.latencystore.upkeep;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A step of maintenance, for Java Flight Recorder. */
@Name("io.latencystore.MaintenanceStep")
@Label("Maintenance Step")
@Category("Latency Store")
@Description("A step of retention or compaction that is committed")
@StackTrace(false)
final class MaintenanceEvent extends Event {

  @Label("Kind")
  String kind = "";

  @Label("Count")
  @Description("Of measurements, blocks or bytes, as the kind says")
  long count;

  @Label("Database")
  String location = "";
}
