package dev.sluice.parquet;

import dev.sluice.seam.Seam;

/// The buffers of a writer, for as many writers as one thread has.
@Seam
public final class Scratch {
  final Buffer out = new Buffer();
  final Buffer page = new Buffer();
  final Buffer compressed = new Buffer();
  final Levels levels = new Levels();
  final Dictionary dictionary = new Dictionary();

  private Scratch() {}

  /// Small ones, that grow.
  public static Scratch of() {
    return new Scratch();
  }
}
