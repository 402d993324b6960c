package io.latencystore;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;

/** Which package may use which, and what is public. */
@AnalyzeClasses(locations = CoreClasses.class)
final class ArchitectureTest {

  private static final String API = "io.latencystore";
  private static final String POLICY = "io.latencystore.policy..";
  private static final String SPOOL = "io.latencystore.spool..";
  private static final String BLOCK = "io.latencystore.block..";
  private static final String QUERY = "io.latencystore.query..";
  private static final String FILE = "io.latencystore.file..";
  private static final String SQL = "io.latencystore.sql..";
  private static final String SCHEMA = "io.latencystore.sql.schema..";
  private static final String LAYOUT = "io.latencystore.layout..";
  private static final String COMPACTION = "io.latencystore.compaction..";
  private static final String UPKEEP = "io.latencystore.upkeep..";
  private static final String STORE = "io.latencystore.store..";
  private static final String JOOQ = "org.jooq..";
  private static final String SLF4J = "org.slf4j..";

  @ArchTest static final ArchRule theApiUsesOnlyPolicies = uses(API, POLICY);
  @ArchTest static final ArchRule policiesUseNothing = uses(POLICY);
  @ArchTest static final ArchRule theSpoolUsesTheApi = uses(SPOOL, API, POLICY, FILE);
  @ArchTest static final ArchRule blocksUseTheApi = uses(BLOCK, API);
  @ArchTest static final ArchRule queriesUseBlocks = uses(QUERY, API, BLOCK);
  @ArchTest static final ArchRule filesUseTheApi = uses(FILE, API);
  @ArchTest static final ArchRule theSchemaUsesJooq = uses(SCHEMA, JOOQ);

  @ArchTest
  static final ArchRule theEngineBeginsWithDatabases =
      uses(SQL, API, BLOCK, JOOQ, "org.flywaydb..", "com.zaxxer.hikari..", SLF4J);

  @ArchTest
  static final ArchRule layoutsUseDatabases = uses(LAYOUT, API, BLOCK, QUERY, SPOOL, SQL, JOOQ);

  @ArchTest
  static final ArchRule compactionUsesLayouts =
      uses(COMPACTION, API, BLOCK, SPOOL, SQL, LAYOUT, JOOQ);

  @ArchTest
  static final ArchRule upkeepUsesCompaction =
      uses(UPKEEP, API, POLICY, QUERY, SPOOL, SQL, LAYOUT, COMPACTION, JOOQ);

  @ArchTest
  static final ArchRule theStoreUsesAllButCompaction =
      uses(STORE, API, POLICY, SPOOL, BLOCK, QUERY, FILE, SQL, LAYOUT, UPKEEP, JOOQ, SLF4J);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.latencystore.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheEngineKnowsJdbc =
      noClasses()
          .that()
          .resideOutsideOfPackages(SQL, LAYOUT, COMPACTION, UPKEEP, STORE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.sql..", "javax.sql..")
                  .and(not(belongToAnyOf(DataSource.class))));

  @ArchTest
  static final ArchRule nothingKnowsADriver =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.sqlite..",
              "org.postgresql..",
              "io.latencystore.sqlite..",
              "io.latencystore.postgres..");

  private static ArchRule uses(String from, String... others) {
    return classes()
        .that()
        .resideInAPackage(from)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(others)
                .or(
                    resideInAnyPackage(
                        from, "java..", "javax.sql..", "jdk.jfr..", "org.jspecify.."))
                .or(JavaClass.Predicates.resideInAPackage("")))
        .allowEmptyShould(true);
  }

  @ArchTest
  static void publicTypesAreThese(JavaClasses core) {
    TreeSet<String> found =
        core.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getName)
            .filter(name -> !name.startsWith("io.latencystore.sql.schema."))
            .collect(Collectors.toCollection(TreeSet::new));

    Assertions.assertThat(found)
        .containsExactly(
            "io.latencystore.AppendException",
            "io.latencystore.CompactionReport",
            "io.latencystore.DropReason",
            "io.latencystore.FlushResult",
            "io.latencystore.InvalidMeasurementException",
            "io.latencystore.LatencyMeasurement",
            "io.latencystore.LatencyQuery",
            "io.latencystore.LatencyRecorder",
            "io.latencystore.LatencyStore",
            "io.latencystore.LatencyStoreBuilder",
            "io.latencystore.LatencySummary",
            "io.latencystore.Maintenance",
            "io.latencystore.MaintenanceStats",
            "io.latencystore.MaintenanceStep",
            "io.latencystore.Micros",
            "io.latencystore.RetentionReport",
            "io.latencystore.Series",
            "io.latencystore.SpoolOptions",
            "io.latencystore.StoreCheck",
            "io.latencystore.StoreCorruptException",
            "io.latencystore.StoreException",
            "io.latencystore.StoreIncompatibleException",
            "io.latencystore.StoreLayout",
            "io.latencystore.StoreListener",
            "io.latencystore.StoreOptions",
            "io.latencystore.StoreOverloadedException",
            "io.latencystore.StoreProvider",
            "io.latencystore.StoreState",
            "io.latencystore.StoreStats",
            "io.latencystore.StoreUnavailableException",
            "io.latencystore.Text",
            "io.latencystore.TimeBucket",
            "io.latencystore.TimeBuckets",
            "io.latencystore.block.Block",
            "io.latencystore.block.BlockDecoder",
            "io.latencystore.block.BlockHeader",
            "io.latencystore.block.BlockMerger",
            "io.latencystore.block.Columns",
            "io.latencystore.block.Level",
            "io.latencystore.block.MeasurementBatch",
            "io.latencystore.block.TimeOrdered",
            "io.latencystore.compaction.BlockMerging",
            "io.latencystore.compaction.Compaction",
            "io.latencystore.file.LockFile",
            "io.latencystore.file.PrivateFiles",
            "io.latencystore.layout.AdvanceCutoffs",
            "io.latencystore.layout.BlockRow",
            "io.latencystore.layout.Cutoffs",
            "io.latencystore.layout.DatabaseAccess",
            "io.latencystore.layout.Expired",
            "io.latencystore.layout.InsertBlocks",
            "io.latencystore.layout.Layout",
            "io.latencystore.layout.Pace",
            "io.latencystore.layout.SelectCutoffs",
            "io.latencystore.layout.Startup",
            "io.latencystore.layout.StoredBlocks",
            "io.latencystore.layout.Stretch",
            "io.latencystore.layout.UnexpiredSource",
            "io.latencystore.policy.BatchPolicy",
            "io.latencystore.policy.Expiry",
            "io.latencystore.policy.OverflowPolicy",
            "io.latencystore.policy.PendingBatch",
            "io.latencystore.policy.RetentionPolicy",
            "io.latencystore.policy.RetryPolicy",
            "io.latencystore.policy.StoredData",
            "io.latencystore.policy.SyncPolicy",
            "io.latencystore.query.Aggregation",
            "io.latencystore.query.LastMeasurements",
            "io.latencystore.query.Selection",
            "io.latencystore.query.Source",
            "io.latencystore.query.Sums",
            "io.latencystore.query.TimeOrderedPages",
            "io.latencystore.query.TimeRange",
            "io.latencystore.spool.Failpoint",
            "io.latencystore.spool.Orphan",
            "io.latencystore.spool.Spool",
            "io.latencystore.spool.SpoolDirectory",
            "io.latencystore.spool.SpoolReader",
            "io.latencystore.spool.SpoolVisitor",
            "io.latencystore.sql.Connections",
            "io.latencystore.sql.Database",
            "io.latencystore.sql.Dialect",
            "io.latencystore.sql.Failure",
            "io.latencystore.sql.Jooq",
            "io.latencystore.sql.Migrations",
            "io.latencystore.sql.PooledConnections",
            "io.latencystore.sql.Session",
            "io.latencystore.sql.SingleConnection",
            "io.latencystore.sql.StateWatch",
            "io.latencystore.sql.Strays",
            "io.latencystore.sql.Waiting",
            "io.latencystore.store.SqlStoreProvider",
            "io.latencystore.upkeep.StoreMaintenance");
  }
}
