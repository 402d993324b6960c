package io.latencystore.cli;

import io.latencystore.LatencyMeasurement;

/** What one record of a CSV file holds. */
sealed interface CsvLine {

  /** A measurement. */
  record Good(LatencyMeasurement measurement) implements CsvLine {}

  /**
   * No measurement.
   *
   * @param number the line of the file that the record begins on, counted from 1
   * @param reason what is wrong with it
   */
  record Bad(long number, String reason) implements CsvLine {}
}
