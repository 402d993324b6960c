package io.latencystore.testkit;

/**
 * The contract of databases that outlive the store that was opened on them, and that several stores
 * may have open at once.
 */
public interface DurableStoreContract
    extends StoreContract,
        ReopenFacet,
        LayoutFacet,
        SpoolFacet,
        MigrationFacet,
        PoolFacet,
        SharedRetentionFacet {}
