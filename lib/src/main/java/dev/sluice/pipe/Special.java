package dev.sluice.pipe;

/// Elements that are no rows: instructions to the engine.
sealed interface Special permits Call, Tabled, Routed, Checkpoint, Offered {}
