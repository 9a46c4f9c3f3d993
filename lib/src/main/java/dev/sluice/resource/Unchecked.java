package dev.sluice.resource;

/// Lets a checked exception through code that declares none; the engine says where it came from.
final class Unchecked {
  private Unchecked() {}

  static RuntimeException thrown(Exception failed) {
    throw Unchecked.<RuntimeException>as(failed);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Exception> X as(Exception failed) throws X {
    throw (X) failed;
  }
}
