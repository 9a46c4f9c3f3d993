package dev.sluice.pipe;

/// Asks for everything so far to be made durable.
record Checkpoint(String token) implements Special {}
