package io.latencystore.compaction;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.BlockHeader;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jooq.DSLContext;

/** Deletes blocks that were merged, and the metadata beside them. Immutable. */
final class DeleteMergedBlocks {

  private final String delete;
  private final String deleteMetadata;

  DeleteMergedBlocks(Database database) {
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    delete =
        renderer.render(
            renderer
                .deleteFrom(LATENCY_BLOCK)
                .where(LATENCY_BLOCK.ID.eq(0L))
                .and(LATENCY_BLOCK.SERIES_ID.eq(0L))
                .and(LATENCY_BLOCK.FIRST_TS.eq(0L)));
    deleteMetadata =
        renderer.render(
            renderer.deleteFrom(LATENCY_METADATA).where(LATENCY_METADATA.BLOCK_ID.eq(0L)));
  }

  /**
   * Deletes them in the session's transaction; in ascending order, so that no two transactions wait
   * for each other.
   *
   * @return how many were there
   */
  int run(Session session, List<StoredBlock> blocks) throws SQLException {
    PreparedStatement statement = session.statement(delete);
    PreparedStatement beside = session.statement(deleteMetadata);
    boolean anyMetadata = false;
    for (StoredBlock stored :
        blocks.stream().sorted(Comparator.comparingLong(StoredBlock::id)).toList()) {
      BlockHeader header = stored.block().header();
      statement.setLong(1, stored.id());
      statement.setLong(2, header.seriesId());
      statement.setLong(3, header.firstMicros());
      statement.addBatch();
      if (stored.block().metadata() != null) {
        beside.setLong(1, stored.id());
        beside.addBatch();
        anyMetadata = true;
      }
    }
    int deleted = 0;
    for (int count : statement.executeBatch()) {
      deleted += count;
    }
    if (anyMetadata) {
      beside.executeBatch();
    }
    return deleted;
  }
}
