package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Block;
import io.latencystore.block.BlockHeader;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/** Inserts blocks, and beside them the metadata of those that have any. Immutable. */
public final class InsertBlocks {

  private final Database database;
  private final String insert;
  private final String insertMetadata;

  /** The statements as a database wants them. */
  public InsertBlocks(Database database) {
    this.database = database;
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    var blocks =
        renderer
            .insertInto(LATENCY_BLOCK)
            .columns(
                Stream.concat(BlockRow.HEADER.stream(), Stream.of(LATENCY_BLOCK.PAYLOAD)).toList())
            .values(0L, 0L, false, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, new byte[0]);
    insert = renderer.render(blocks);
    insertMetadata =
        renderer.render(
            renderer
                .insertInto(LATENCY_METADATA, LATENCY_METADATA.BLOCK_ID, LATENCY_METADATA.CONTENT)
                .values(0L, new byte[0]));
  }

  /** Inserts the blocks in the session's transaction. */
  public void run(Session session, List<Block> blocks) throws SQLException {
    if (blocks.isEmpty()) {
      return;
    }
    long[] ids = database.newBlockIds(session.connection(), blocks.size());
    PreparedStatement statement = session.statement(insert);
    PreparedStatement beside = session.statement(insertMetadata);
    boolean anyMetadata = false;
    for (int i = 0; i < ids.length; i++) {
      Block block = blocks.get(i);
      statement.setLong(1, ids[i]);
      bind(statement, block);
      statement.addBatch();
      if (block.metadata() != null) {
        beside.setLong(1, ids[i]);
        beside.setBytes(2, block.metadata());
        beside.addBatch();
        anyMetadata = true;
      }
    }
    statement.executeBatch();
    if (anyMetadata) {
      beside.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, Block block) throws SQLException {
    BlockHeader header = block.header();
    statement.setLong(2, header.seriesId());
    statement.setBoolean(3, header.success());
    statement.setLong(4, header.level());
    statement.setLong(5, header.slot());
    statement.setLong(6, header.firstMicros());
    statement.setLong(7, header.lastMicros());
    statement.setLong(8, header.count());
    statement.setLong(9, header.sumMicros());
    statement.setLong(10, header.minMicros());
    statement.setLong(11, header.maxMicros());
    Long sumOfSquares = header.sumOfSquares();
    if (sumOfSquares == null) {
      statement.setNull(12, Types.BIGINT);
    } else {
      statement.setLong(12, sumOfSquares);
    }
    statement.setLong(13, header.encoding());
    statement.setLong(14, header.crc32c());
    statement.setBytes(15, block.payload());
  }
}
