package io.latencystore.layout;

import static io.latencystore.sql.schema.Tables.LATENCY_BLOCK;

import io.latencystore.block.BlockHeader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jooq.Field;

/** The columns that every statement about blocks names first, in their order. */
public final class BlockRow {

  /** The id and the header. */
  public static final List<Field<?>> HEADER =
      List.of(
          LATENCY_BLOCK.ID,
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
          LATENCY_BLOCK.CRC32C);

  private BlockRow() {}

  /** The header in the current row. */
  public static BlockHeader header(ResultSet rows) throws SQLException {
    long squares = rows.getLong(12);
    Long sumOfSquares = rows.wasNull() ? null : squares;
    return new BlockHeader(
        rows.getLong(2),
        rows.getBoolean(3),
        rows.getInt(4),
        rows.getLong(5),
        rows.getLong(6),
        rows.getLong(7),
        rows.getInt(8),
        rows.getLong(9),
        rows.getLong(10),
        rows.getLong(11),
        sumOfSquares,
        rows.getInt(13),
        rows.getInt(14));
  }
}
