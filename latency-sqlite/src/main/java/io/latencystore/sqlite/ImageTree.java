package io.latencystore.sqlite;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One B-tree of a SQLite database that is written by hand: leaves that are filled one after the
 * other, and a root above them if there are several.
 *
 * <pre>
 * leaf : kind:int8 0:int16 cells:int16 begin of content:int16 0:int8 (offset:int16)* … cell*
 * root : the same, but child:int32 before each key, and the last child behind the 0:int8
 * </pre>
 *
 * In the tree of a table the key of a child is its greatest id, in that of an index an entry which
 * is then in no leaf. For one thread.
 */
final class ImageTree {

  /** The largest page there is, so that no row needs a second one. */
  static final int PAGE = 65_536;

  /** What the tree is of. */
  enum Kind {
    TABLE(13, 5),
    INDEX(10, 2);

    private final byte leaf;
    private final byte interior;

    Kind(int leaf, int interior) {
      this.leaf = (byte) leaf;
      this.interior = (byte) interior;
    }
  }

  private static final int LEAF_HEADER = 8;
  private static final int INTERIOR_HEADER = 12;

  private final Kind kind;
  private final List<ByteBuffer> leaves = new ArrayList<>();
  private final List<byte[]> keys = new ArrayList<>();
  private ByteBuffer page = newPage();
  private int header = LEAF_HEADER;
  private int cells;
  private int content = PAGE;
  private int lastBytes;

  ImageTree(Kind kind) {
    this.kind = kind;
  }

  private static ByteBuffer newPage() {
    return ByteBuffer.allocate(PAGE);
  }

  /**
   * Makes room for a cell behind all others.
   *
   * @param bytes its size
   * @param previousId the greatest id before it, which is the key of the leaf if this ends one
   * @return where to write it
   */
  ByteBuffer add(int bytes, long previousId) {
    if (header + (cells + 1) * Short.BYTES + bytes > content) {
      keys.add(kind == Kind.TABLE ? key(previousId) : takeLast());
      leaves.add(end(kind.leaf));
    }
    return cell(bytes);
  }

  private static byte[] key(long id) {
    ByteBuffer key = ByteBuffer.allocate(RowImage.varintBytes(id));
    RowImage.putVarint(key, id);
    return key.array();
  }

  private byte[] takeLast() {
    byte[] last = new byte[lastBytes];
    page.get(content, last);
    content += lastBytes;
    cells--;
    return last;
  }

  private ByteBuffer cell(int bytes) {
    content -= bytes;
    page.putShort(header + cells * Short.BYTES, (short) content);
    cells++;
    lastBytes = bytes;
    return page.position(content);
  }

  private ByteBuffer end(byte type) {
    ByteBuffer ended = page;
    ended.put(0, type).putShort(3, (short) cells).putShort(5, (short) content);
    page = newPage();
    header = LEAF_HEADER;
    cells = 0;
    content = PAGE;
    return ended;
  }

  /**
   * Puts the tree among the pages of its database.
   *
   * @param pages all pages; the first has the number 1
   * @param root the number of the page that is the root
   */
  void finish(List<ByteBuffer> pages, int root) {
    ByteBuffer last = end(kind.leaf);
    if (leaves.isEmpty()) {
      pages.set(root - 1, last);
      return;
    }
    header = INTERIOR_HEADER;
    for (int i = 0; i < leaves.size(); i++) {
      pages.add(leaves.get(i));
      byte[] key = keys.get(i);
      cell(Integer.BYTES + key.length).putInt(pages.size()).put(key);
    }
    pages.add(last);
    pages.set(root - 1, end(kind.interior).putInt(LEAF_HEADER, pages.size()));
  }
}
