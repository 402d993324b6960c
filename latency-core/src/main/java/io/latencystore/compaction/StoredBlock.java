package io.latencystore.compaction;

import io.latencystore.block.Block;

/**
 * A block as it was read from the database.
 *
 * @param id its id there
 * @param block what it holds
 */
record StoredBlock(long id, Block block) {}
