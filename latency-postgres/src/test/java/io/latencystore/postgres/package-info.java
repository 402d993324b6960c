@NullMarked
package io.latencystore.postgres;

import org.jspecify.annotations.NullMarked;
