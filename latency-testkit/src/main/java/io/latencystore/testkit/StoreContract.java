package io.latencystore.testkit;

/**
 * The contract of every database. A dialect's test implements this, or {@link DurableStoreContract}
 * if its databases outlive their stores:
 *
 * <pre>{@code
 * final class MyDialectTest implements DurableStoreContract {
 *
 *   @TempDir Path directory;
 *
 *   @Override
 *   public Dialect dialect() {
 *     return new MyDialect();
 *   }
 *
 *   @Override
 *   public String url() {
 *     return "my:" + directory.resolve("contract.db");
 *   }
 *
 *   @Override
 *   public List<String> stillOpen() {
 *     return OpenFiles.below(directory);
 *   }
 * }
 * }</pre>
 */
public interface StoreContract
    extends RecordingFacet,
        AppendFacet,
        SummaryFacet,
        ListFacet,
        WindowFacet,
        TimeSeriesFacet,
        NamesFacet,
        EdgesFacet,
        ConcurrencyFacet,
        FaultsFacet,
        CompactionFacet,
        RandomModelFacet,
        RetentionFacet,
        RandomRetentionFacet {}
