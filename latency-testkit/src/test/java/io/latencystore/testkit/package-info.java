/** Tests of the test kit itself. */
@NullMarked
package io.latencystore.testkit;

import org.jspecify.annotations.NullMarked;
