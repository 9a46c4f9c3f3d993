package dev.sluice.http;

/// How this client names itself.
final class Version {
  static final String USER_AGENT = "sluice/0.1.0";

  private Version() {}
}
