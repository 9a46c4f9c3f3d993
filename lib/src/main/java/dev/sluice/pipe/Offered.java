package dev.sluice.pipe;

import java.util.concurrent.CompletableFuture;

/// A file in place of rows; the generator waits for the answer whether it is taken.
record Offered(ReadyFile file, CompletableFuture<Boolean> taken) implements Special {}
