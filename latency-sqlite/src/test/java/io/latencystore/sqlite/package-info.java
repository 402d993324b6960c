/** Tests of the SQLite dialect. */
@NullMarked
package io.latencystore.sqlite;

import org.jspecify.annotations.NullMarked;
