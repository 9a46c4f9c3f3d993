package dev.sluice.pipe;

/// Unwinds a generator from which nobody wants more. An Error, so that a generator's own `catch
/// (Exception ..)` does not stop it.
final class Abandoned extends Error {
  private static final long serialVersionUID = 1;

  Abandoned() {
    super("nobody wants more of this generator", null, false, false);
  }
}
