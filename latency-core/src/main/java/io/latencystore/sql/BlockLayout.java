package io.latencystore.sql;

import io.latencystore.block.Block;
import io.latencystore.block.MeasurementBatch;
import io.latencystore.query.Source;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Measurements packed into blocks, one row for some hundreds of them. */
final class BlockLayout implements Layout {

  private final Database database;
  private final SeriesDictionary dictionary;
  private final InsertBlocks insertBlocks;
  private final SelectBlocks selectBlocks;

  BlockLayout(Database database) {
    this.database = database;
    this.dictionary = new SeriesDictionary(database);
    this.insertBlocks = new InsertBlocks(database);
    this.selectBlocks = new SelectBlocks(database);
  }

  @Override
  public void write(Session session, MeasurementBatch batch) throws SQLException {
    dictionary.insertMissing(session, batch.series());
    List<Block> blocks = new ArrayList<>();
    batch.encode(blocks::add);
    insertBlocks.run(session, blocks);
  }

  @Override
  public void committed(MeasurementBatch batch) {
    dictionary.committed(batch.series());
  }

  @Override
  public void forget() {
    dictionary.forget();
  }

  @Override
  public Source source(Session session) {
    return new BlockSource(session, dictionary, selectBlocks, database.location());
  }
}
