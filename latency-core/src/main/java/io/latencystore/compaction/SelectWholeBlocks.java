package io.latencystore.compaction;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;
import static io.latencystore.sql.schema.Tables.LATENCY_METADATA;

import io.latencystore.block.Block;
import io.latencystore.layout.BlockRow;
import io.latencystore.sql.Database;
import io.latencystore.sql.Jooq;
import io.latencystore.sql.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;

/** Selects blocks with all that belongs to them, by their ids. Immutable. */
final class SelectWholeBlocks {

  /** How many one statement selects. */
  static final int AT_ONCE = 64;

  private static final List<Field<?>> COLUMNS =
      Stream.concat(
              BlockRow.HEADER.stream(), Stream.of(LATENCY_BLOCK.PAYLOAD, LATENCY_METADATA.CONTENT))
          .toList();

  private final String select;

  SelectWholeBlocks(Database database) {
    DSLContext renderer = Jooq.renderer(database.sqlDialect());
    select =
        renderer.render(
            renderer
                .select(COLUMNS)
                .from(LATENCY_BLOCK)
                .leftJoin(LATENCY_METADATA)
                .on(LATENCY_METADATA.BLOCK_ID.eq(LATENCY_BLOCK.ID))
                .where(LATENCY_BLOCK.ID.in(Collections.nCopies(AT_ONCE, 0L)))
                // By this a database passes over partitions.
                .and(LATENCY_BLOCK.FIRST_TS.between(0L, 0L)));
  }

  /** Those of at most {@value #AT_ONCE} blocks of one slot that are there. */
  List<StoredBlock> run(Session session, Slot within, List<SmallBlock> wanted) throws SQLException {
    PreparedStatement statement = session.statement(select);
    int at = 1;
    while (at <= AT_ONCE) {
      statement.setLong(at, wanted.get(Math.min(at, wanted.size()) - 1).id());
      at++;
    }
    statement.setLong(at++, within.firstMicros());
    statement.setLong(at, within.lastMicros());
    List<StoredBlock> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new StoredBlock(
                rows.getLong(1),
                new Block(BlockRow.header(rows), rows.getBytes(15), rows.getBytes(16))));
      }
    }
    return found;
  }
}
