package dev.sluice.pipe;

/// An element that goes on at a step of another pipe.
///
/// - `step`: the first step it goes through; that behind the last one delivers it
record Routed(Node node, int step, Object element, boolean delivers) implements Special {}
