package io.latencystore.sqlite;

import io.latencystore.StoreLayout;

/** A disk that is full under rows. */
final class SpoolFullDiskOnRowsTest extends SpoolFullDiskTest {

  @Override
  StoreLayout layout() {
    return StoreLayout.ROWS;
  }

  @Override
  String size() {
    return "64m";
  }
}
