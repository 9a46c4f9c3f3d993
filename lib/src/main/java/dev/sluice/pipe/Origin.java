package dev.sluice.pipe;

import org.jspecify.annotations.Nullable;

/// The head of a running pipe, with what was made from its elements and is still under way.
final class Origin {
  final Node node;

  /// Nested generators and deferred calls that stem from it.
  int open;

  /// Elements taken so far.
  long elements;

  /// Whether the last of them was a page.
  boolean pages;

  /// The source that it feeds; null before the start.
  @Nullable Source source;

  /// A token that waits until nothing is open.
  @Nullable String checkpoint;

  Origin(Node node) {
    this.node = node;
  }

  void taken(Object element) {
    elements++;
    pages = element instanceof java.util.List;
  }

  /// The element that is to come or failed to come, for messages.
  String at(long number) {
    return (pages ? "page " : "item ") + number;
  }
}
