package io.latencystore;

import java.time.Duration;

/**
 * The answer of a database that is well.
 *
 * @param location the file or server, without any password
 * @param database product and version of the database
 * @param schemaVersion version of the store's schema
 * @param storeId the identity of the stored data, the same for every process that opens it
 * @param layout how measurements are laid out, for instance {@code blocks}
 * @param sizeBytes the size of the database on disk in bytes; of an in-memory database, in memory
 * @param roundTrip how long the check took
 */
public record StoreCheck(
    String location,
    String database,
    String schemaVersion,
    String storeId,
    String layout,
    long sizeBytes,
    Duration roundTrip) {}
