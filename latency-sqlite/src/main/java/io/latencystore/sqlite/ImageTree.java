package io.latencystore.sqlite;

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

  private final ImagePages pages;
  private final Kind kind;
  private final int root;
  private final List<Integer> leaves = new ArrayList<>();
  private final List<byte[]> keys = new ArrayList<>();
  private int page;
  private int header = LEAF_HEADER;
  private int cells;
  private int content = ImagePages.PAGE;
  private int lastBytes;

  /**
   * A tree without cells.
   *
   * @param pages where its pages are
   * @param root the number of the page that is its root
   */
  ImageTree(ImagePages pages, Kind kind, int root) {
    this.pages = pages;
    this.kind = kind;
    this.root = root;
    this.page = root;
  }

  /**
   * Makes room for a cell behind all others.
   *
   * @param bytes its size
   * @param previousId the greatest id before it, which is the key of the leaf if this ends one
   * @return where to write it
   */
  int add(int bytes, long previousId) {
    if (header + (cells + 1) * Short.BYTES + bytes > content) {
      keys.add(kind == Kind.TABLE ? key(previousId) : takeLast());
      end(kind.leaf);
      leaves.add(page == root ? pages.addCopy(root) : page);
      begin(pages.add(), LEAF_HEADER);
    }
    return cell(bytes);
  }

  private static byte[] key(long id) {
    byte[] key = new byte[RowImage.varintBytes(id)];
    RowImage.putVarint(key, 0, id);
    return key;
  }

  private byte[] takeLast() {
    byte[] last = new byte[lastBytes];
    System.arraycopy(pages.bytes(), at(content), last, 0, lastBytes);
    content += lastBytes;
    cells--;
    return last;
  }

  private int cell(int bytes) {
    content -= bytes;
    pages.putShort(at(header + cells * Short.BYTES), content);
    cells++;
    lastBytes = bytes;
    return at(content);
  }

  private int at(int offset) {
    return ImagePages.at(page) + offset;
  }

  private void begin(int number, int headerBytes) {
    page = number;
    header = headerBytes;
    cells = 0;
    content = ImagePages.PAGE;
  }

  private void end(byte type) {
    pages.bytes()[at(0)] = type;
    pages.putShort(at(1), 0);
    pages.putShort(at(3), cells);
    pages.putShort(at(5), content);
    pages.bytes()[at(7)] = 0;
  }

  /** Ends the tree. */
  void finish() {
    end(kind.leaf);
    if (leaves.isEmpty()) {
      return;
    }
    int last = page;
    begin(root, INTERIOR_HEADER);
    for (int i = 0; i < leaves.size(); i++) {
      byte[] key = keys.get(i);
      int at = cell(Integer.BYTES + key.length);
      pages.putInt(at, leaves.get(i));
      System.arraycopy(key, 0, pages.bytes(), at + Integer.BYTES, key.length);
    }
    end(kind.interior);
    pages.putInt(at(LEAF_HEADER), last);
  }
}
