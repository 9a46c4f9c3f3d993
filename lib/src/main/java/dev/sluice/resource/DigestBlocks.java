package dev.sluice.resource;

import dev.sluice.schema.Digests;
import java.util.ArrayList;
import java.util.List;

/// The digests of a sequence of rows in bounded memory: of blocks of 1, 2, 4, … rows, so that there
/// are never more than a given number of them.
///
/// A block's digest is made of those of its halves. All blocks but the last few have the same size;
/// those are of falling sizes.
final class DigestBlocks {
  private final int most;
  private final List<String> digests = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();
  private int full = 1;
  private int fullCount;
  private long rows;

  DigestBlocks(int most) {
    this.most = most;
  }

  /// From [#toList()].
  static DigestBlocks of(List<?> texts, int most) {
    var blocks = new DigestBlocks(most);
    for (var text : texts) {
      var parts = String.valueOf(text).split(":", 2);
      var size = Integer.parseInt(parts[0]);
      blocks.sizes.add(size);
      blocks.digests.add(parts[1]);
      blocks.rows += size;
      blocks.full = Math.max(blocks.full, size);
    }
    blocks.fullCount = (int) blocks.sizes.stream().filter(size -> size == blocks.full).count();
    return blocks;
  }

  /// For the state: `size:digest` of each block.
  List<String> toList() {
    var texts = new ArrayList<String>(digests.size());
    for (int i = 0; i < digests.size(); i++) {
      texts.add(sizes.get(i) + ":" + digests.get(i));
    }
    return texts;
  }

  /// One more row.
  void add(String digest) {
    rows++;
    digests.add(digest);
    sizes.add(1);
    while (sizes.size() > 1
        && sizes.getLast() < full
        && sizes.getLast().equals(sizes.get(sizes.size() - 2))) {
      var right = digests.removeLast();
      var size = sizes.removeLast();
      digests.set(digests.size() - 1, joined(digests.getLast(), right));
      sizes.set(sizes.size() - 1, size * 2);
    }
    if (sizes.getLast() == full) {
      fullCount++;
      if (fullCount >= most) {
        halve();
      }
    }
  }

  /// How many rows there are.
  long rows() {
    return rows;
  }

  /// How many blocks there are.
  int count() {
    return digests.size();
  }

  /// How many rows a block has.
  int size(int block) {
    return sizes.get(block);
  }

  /// The digest of a block.
  String digest(int block) {
    return digests.get(block);
  }

  /// The digest of a block of these rows, whose number is a power of two.
  static String root(List<String> rows) {
    var level = rows;
    while (level.size() > 1) {
      var next = new ArrayList<String>(level.size() / 2);
      for (int i = 0; i < level.size(); i += 2) {
        next.add(joined(level.get(i), level.get(i + 1)));
      }
      level = next;
    }
    return level.getFirst();
  }

  /// Makes one block of every two. Called right after a block became full, so nothing is behind it.
  private void halve() {
    var count = digests.size() / 2;
    for (int i = 0; i < count; i++) {
      digests.set(i, joined(digests.get(2 * i), digests.get(2 * i + 1)));
      sizes.set(i, full * 2);
    }
    var odd = digests.size() % 2 == 1;
    if (odd) {
      digests.set(count, digests.getLast());
      sizes.set(count, full);
    }
    var kept = count + (odd ? 1 : 0);
    digests.subList(kept, digests.size()).clear();
    sizes.subList(kept, sizes.size()).clear();
    full *= 2;
    fullCount = count;
  }

  private static String joined(String left, String right) {
    return Digests.digest128(left + right, 9);
  }
}
