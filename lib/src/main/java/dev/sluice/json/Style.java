package dev.sluice.json;

/// How [ValueWriter] spells a value.
enum Style {
  /// Types marked: what stands in extracted files.
  TYPED(true, false, false),
  /// JSON as others read it.
  PLAIN(false, false, false),
  /// Types marked and numbers spelled as hashes need them.
  CANONICAL(true, true, false),
  /// The same with sorted keys.
  CANONICAL_SORTED(true, true, true);

  final boolean marked;
  final boolean canonical;
  final boolean sorted;

  Style(boolean marked, boolean canonical, boolean sorted) {
    this.marked = marked;
    this.canonical = canonical;
    this.sorted = sorted;
  }
}
