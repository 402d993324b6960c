package io.latencystore;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a database that is well.
 *
 * @param location the file or server, without any password
 * @param database product and version of the database
 * @param schemaVersion version of the store's schema
 * @param storeId the identity of the stored data, the same for every process that opens it
 * @param layout how measurements are laid out, for instance {@code blocks}
 * @param sizeBytes the size of the database on disk in bytes; of an in-memory database, in memory
 * @param watermark the moment before which everything has expired, or null if nothing has
 * @param strays how many blocks or rows lie outside any partition of their own, because they are
 *     too few and far from the present, or because no partition could be made; exact up to a
 *     million, beyond that what the database believes; 0 where there are no partitions. They are
 *     found all the same; the store's upkeep moves those that deserve a partition
 * @param roundTrip how long the check took
 */
public record StoreCheck(
    String location,
    String database,
    String schemaVersion,
    String storeId,
    String layout,
    long sizeBytes,
    @Nullable Instant watermark,
    long strays,
    Duration roundTrip) {}
