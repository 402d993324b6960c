import java.nio.file.Files;
import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Target;

/** Generates the jOOQ classes: GenerateSchema MIGRATIONS TEMPORARY_DATABASE OUTPUT. */
public class GenerateSchema {
  public static void main(String[] args) throws Exception {
    Path migrations = Path.of(args[0]);
    Path database = Path.of(args[1]);
    Files.createDirectories(database.toAbsolutePath().getParent());
    Files.deleteIfExists(database);
    String url = "jdbc:sqlite:" + database;
    Flyway.configure()
        .loggers("slf4j")
        .dataSource(url, null, null)
        .locations("filesystem:" + migrations)
        .table("latency_schema_history")
        .load()
        .migrate();
    GenerationTool.generate(
        new Configuration()
            .withJdbc(new Jdbc().withDriver("org.sqlite.JDBC").withUrl(url))
            .withGenerator(
                new Generator()
                    .withDatabase(
                        new Database()
                            .withName("org.jooq.meta.sqlite.SQLiteDatabase")
                            .withIncludes("latency_.*")
                            .withExcludes("latency_block_summary|latency_events|latency_event\\.id")
                            .withIncludeExcludeColumns(true)
                            .withOutputSchemaToDefault(true)
                            .withForcedTypes(
                                new ForcedType()
                                    .withName("BIGINT")
                                    .withIncludeTypes("(?i:INT|INTEGER|SMALLINT)")))
                    .withGenerate(
                        new Generate()
                            .withRecords(false)
                            .withPojos(false)
                            .withDaos(false)
                            .withComments(false)
                            .withJavadoc(false)
                            .withKeys(true)
                            .withGlobalCatalogReferences(false)
                            .withGlobalSchemaReferences(false)
                            .withGeneratedAnnotation(false))
                    .withTarget(
                        new Target()
                            .withPackageName("io.latencystore.sql.schema")
                            .withDirectory(args[2]))));
  }
}
