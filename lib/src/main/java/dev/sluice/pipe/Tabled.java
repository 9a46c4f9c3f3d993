package dev.sluice.pipe;

/// An element for another table than its resource's.
record Tabled(String table, Object element) implements Special {}
