package io.latencystore.sql;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Block;
import io.latencystore.block.BlockHeader;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jooq.DSLContext;

/** Inserts blocks, and beside them the metadata of those that have any. Immutable. */
final class InsertBlocks {

  private final String insert;
  private final String insertMetadata;

  InsertBlocks(Database database) {
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    var blocks =
        renderer
            .insertInto(LATENCY_BLOCK)
            .columns(
                LATENCY_BLOCK.SERIES_ID,
                LATENCY_BLOCK.SUCCESS,
                LATENCY_BLOCK.LEVEL,
                LATENCY_BLOCK.SLOT,
                LATENCY_BLOCK.FIRST_TS,
                LATENCY_BLOCK.LAST_TS,
                LATENCY_BLOCK.COUNT,
                LATENCY_BLOCK.SUM_US,
                LATENCY_BLOCK.MIN_US,
                LATENCY_BLOCK.MAX_US,
                LATENCY_BLOCK.SUM_SQ,
                LATENCY_BLOCK.ENCODING,
                LATENCY_BLOCK.CRC32C,
                LATENCY_BLOCK.PAYLOAD)
            .values(0L, false, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, new byte[0]);
    insert = renderer.render(blocks);
    insertMetadata =
        renderer.render(
            renderer
                .insertInto(LATENCY_METADATA, LATENCY_METADATA.BLOCK_ID, LATENCY_METADATA.CONTENT)
                .values(0L, new byte[0]));
  }

  /** Inserts the blocks in the session's transaction. */
  void run(Session session, List<Block> blocks) throws SQLException {
    PreparedStatement statement = session.statement(insert);
    boolean any = false;
    for (Block block : blocks) {
      if (block.metadata() == null) {
        bind(statement, block);
        statement.addBatch();
        any = true;
      } else {
        insertWithMetadata(session, block, block.metadata());
      }
    }
    if (any) {
      statement.executeBatch();
    }
  }

  /** How a database tells the id it gave differs, so jOOQ asks for it. */
  private void insertWithMetadata(Session session, Block block, byte[] metadata)
      throws SQLException {
    BlockHeader header = block.header();
    Long id =
        session
            .dsl()
            .insertInto(LATENCY_BLOCK)
            .set(LATENCY_BLOCK.SERIES_ID, header.seriesId())
            .set(LATENCY_BLOCK.SUCCESS, header.success())
            .set(LATENCY_BLOCK.LEVEL, (long) header.level())
            .set(LATENCY_BLOCK.SLOT, header.slot())
            .set(LATENCY_BLOCK.FIRST_TS, header.firstMicros())
            .set(LATENCY_BLOCK.LAST_TS, header.lastMicros())
            .set(LATENCY_BLOCK.COUNT, (long) header.count())
            .set(LATENCY_BLOCK.SUM_US, header.sumMicros())
            .set(LATENCY_BLOCK.MIN_US, header.minMicros())
            .set(LATENCY_BLOCK.MAX_US, header.maxMicros())
            .set(LATENCY_BLOCK.SUM_SQ, header.sumOfSquares())
            .set(LATENCY_BLOCK.ENCODING, (long) header.encoding())
            .set(LATENCY_BLOCK.CRC32C, (long) header.crc32c())
            .set(LATENCY_BLOCK.PAYLOAD, block.payload())
            .returningResult(LATENCY_BLOCK.ID)
            .fetchOne(LATENCY_BLOCK.ID);
    if (id == null) {
      throw new SQLException("the inserted block returned no id");
    }
    PreparedStatement beside = session.statement(insertMetadata);
    beside.setLong(1, id);
    beside.setBytes(2, metadata);
    beside.executeUpdate();
  }

  private static void bind(PreparedStatement statement, Block block) throws SQLException {
    BlockHeader header = block.header();
    statement.setLong(1, header.seriesId());
    statement.setBoolean(2, header.success());
    statement.setLong(3, header.level());
    statement.setLong(4, header.slot());
    statement.setLong(5, header.firstMicros());
    statement.setLong(6, header.lastMicros());
    statement.setLong(7, header.count());
    statement.setLong(8, header.sumMicros());
    statement.setLong(9, header.minMicros());
    statement.setLong(10, header.maxMicros());
    Long sumOfSquares = header.sumOfSquares();
    if (sumOfSquares == null) {
      statement.setNull(11, Types.BIGINT);
    } else {
      statement.setLong(11, sumOfSquares);
    }
    statement.setLong(12, header.encoding());
    statement.setLong(13, header.crc32c());
    statement.setBytes(14, block.payload());
  }
}
