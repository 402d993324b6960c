package io.latencystore.layout;

import io.latencystore.Series;
import io.latencystore.StoreLayout;
import io.latencystore.block.Block;
import io.latencystore.block.BlockHeader;
import io.latencystore.block.Level;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Source;
import io.latencystore.sql.Connections;
import io.latencystore.sql.Database;
import io.latencystore.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Measurements packed into blocks, one row for some hundreds of them. */
final class BlockLayout implements Layout {

  private final Database database;
  private final SeriesDictionary dictionary;
  private final InsertBlocks insertBlocks;
  private final SelectBlocks selectBlocks;
  private final DeleteBlocks deleteBlocks;

  BlockLayout(Database database) {
    this.database = database;
    this.dictionary = new SeriesDictionary(database);
    this.insertBlocks = new InsertBlocks(database);
    this.selectBlocks = new SelectBlocks(database);
    this.deleteBlocks = new DeleteBlocks(database);
  }

  @Override
  public Encoded encode(MeasurementBatch batch, Connections connections) {
    List<Block> blocks = new ArrayList<>();
    batch.encode(blocks::add);
    if (!blocks.isEmpty()) {
      makeRoom(blocks, connections);
    }
    return new EncodedBlocks(batch.series(), blocks);
  }

  private void makeRoom(List<Block> blocks, Connections connections) {
    connections.maintain(
        session -> {
          database.makeRoom(session.connection(), StoreLayout.BLOCKS, measurements(blocks));
          return true;
        });
  }

  private static Map<Long, Long> measurements(List<Block> blocks) {
    return blocks.stream()
        .map(Block::header)
        .collect(
            Collectors.groupingBy(
                header -> Level.DAYS_32.slotOf(header.firstMicros()),
                Collectors.summingLong(BlockHeader::count)));
  }

  @Override
  public void forget() {
    dictionary.forget();
  }

  @Override
  public Source source(Session session) {
    return new BlockSource(session, dictionary, selectBlocks, database.location());
  }

  @Override
  public @Nullable Stretch span(Session session) {
    return StoredBlocks.span(session);
  }

  @Override
  public List<Stretch> stretches(Session session, @Nullable String component) {
    return StoredBlocks.stretches(session, component);
  }

  @Override
  public long expire(Connections connections, Expired expired, Pace pace) {
    return deleteBlocks.run(connections, expired, pace);
  }

  @Override
  public long drop(Connections connections, long beforeMicros) {
    return connections.maintain(
        session -> database.dropBefore(session.connection(), StoreLayout.BLOCKS, beforeMicros));
  }

  /** Blocks on their way into the database. */
  private final class EncodedBlocks implements Encoded {

    private final Map<Long, Series> series;
    private final List<Block> blocks;

    EncodedBlocks(Map<Long, Series> series, List<Block> blocks) {
      this.series = series;
      this.blocks = blocks;
    }

    @Override
    public void write(Session session) throws SQLException {
      dictionary.insertMissing(session, series);
      insertBlocks.run(session, blocks);
    }

    @Override
    public void committed() {
      dictionary.committed(series);
    }
  }
}
