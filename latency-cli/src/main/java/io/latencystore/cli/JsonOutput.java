package io.latencystore.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.latencystore.LatencyMeasurement;
import io.latencystore.LatencySummary;
import io.latencystore.Series;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects, one a line, with the field names that {@code docs/cli-json.md} promises. Does not
 * close its writer.
 */
final class JsonOutput implements Closeable {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .rootValueSeparator("\n")
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  /** Writes fields or elements of an object. */
  interface Body {
    void write(JsonOutput json) throws IOException;
  }

  private final JsonGenerator generator;

  JsonOutput(Writer out) throws IOException {
    generator = FACTORY.createGenerator(out);
  }

  /** Prints one object and a line end. */
  static void print(Writer out, Body fields) throws IOException {
    try (JsonOutput json = new JsonOutput(out)) {
      json.object(fields);
    }
    out.write('\n');
  }

  void object(Body fields) throws IOException {
    generator.writeStartObject();
    fields.write(this);
    generator.writeEndObject();
  }

  void object(String name, Body fields) throws IOException {
    generator.writeFieldName(name);
    object(fields);
  }

  void array(String name, Body elements) throws IOException {
    generator.writeArrayFieldStart(name);
    elements.write(this);
    generator.writeEndArray();
  }

  void field(String name, long value) throws IOException {
    generator.writeNumberField(name, value);
  }

  void field(String name, double value) throws IOException {
    generator.writeNumberField(name, value);
  }

  void field(String name, @Nullable String value) throws IOException {
    generator.writeStringField(name, value);
  }

  /** A number, or null if there is none. */
  void field(String name, Optional<? extends Number> value) throws IOException {
    generator.writeFieldName(name);
    if (value.isEmpty()) {
      generator.writeNull();
    } else if (value.get() instanceof BigDecimal decimal) {
      generator.writeNumber(decimal);
    } else {
      generator.writeNumber(value.get().longValue());
    }
  }

  /** The fields of a series. */
  void series(Series series) throws IOException {
    field("component", series.component());
    field("command", series.command());
  }

  /** The fields of a measurement. */
  void measurement(LatencyMeasurement measurement) throws IOException {
    field("timestamp_us", measurement.timestampMicros());
    field("latency_us", measurement.latencyMicros());
    field("component", measurement.component());
    field("command", measurement.command());
    generator.writeBooleanField("success", measurement.success());
    field("metadata", measurement.metadata());
  }

  /** The fields of a summary that holds these percentiles. */
  void summary(LatencySummary summary, List<BigDecimal> percentiles) throws IOException {
    field("count", summary.count());
    field("errors", summary.errors());
    field("error_rate", summary.errorRate());
    rate(summary.ratePerSecond());
    generator.writeFieldName("sum_us");
    generator.writeNumber(summary.sumMicros());
    field("min_us", summary.min().map(Micros::of));
    field("max_us", summary.max().map(Micros::of));
    field("mean_us", summary.mean().map(Micros::exact));
    field("stddev_us", summary.standardDeviation().map(Micros::exact));
    object(
        "percentiles_us",
        json -> {
          for (BigDecimal p : percentiles) {
            json.field(p.toPlainString(), Optional.ofNullable(summary.percentilesMicros().get(p)));
          }
        });
  }

  private void rate(OptionalDouble perSecond) throws IOException {
    if (perSecond.isPresent()) {
      field("rate_per_s", perSecond.getAsDouble());
    } else {
      generator.writeNullField("rate_per_s");
    }
  }

  @Override
  public void close() throws IOException {
    generator.close();
  }
}
