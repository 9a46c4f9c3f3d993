/// Requests that survive a bad network. Start reading at [Http] (one request), then [RestClient]
/// (pages of an API), [Paginator] (how to find the next page) and [Auth] (who asks).
///
/// Within the package: `Settings` is what a client is told, `Call` is one request with all its
/// attempts, `Transport` sends one attempt, `Redirects` decides where it may lead, `Delays` how
/// long to wait, `Hosts` keeps the rate limits, `Masks` hides secrets, `Recording` stores and
/// replays.
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
