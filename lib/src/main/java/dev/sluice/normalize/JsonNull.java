package dev.sluice.normalize;

/// What the text `null` is in a JSON column: a value that is there and says nothing.
enum JsonNull {
  NULL
}
