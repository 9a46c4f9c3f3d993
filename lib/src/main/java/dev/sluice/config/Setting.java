package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One setting: where it stands, what it holds, and what it does. [KnownSettings] has them all.
///
/// - `sections`: in which it is looked for, the right-most dropped again and again; without any it
///   is looked for in those of [Config#at(String...)]
/// - `name`: behind the sections, with the sections that are never dropped: `extract.workers`
/// - `standard`: what holds if it is not set; null if that is told by `otherwise` alone
/// - `otherwise`: the same as a person reads it
/// - `aliases`: other spellings of the last part of the name, of older or newer dlt
/// - `noEffect`: why dlt's setting does nothing here; empty if it does something
@Seam
public record Setting<T>(
    List<String> sections,
    String name,
    Class<T> type,
    @Nullable T standard,
    String otherwise,
    List<String> aliases,
    String summary,
    Optional<String> noEffect) {
  /// The key with all sections, `load.workers`.
  public String key() {
    return Stream.concat(sections.stream(), Stream.of(name)).reduce((a, b) -> a + "." + b).get();
  }

  /// What holds if nothing is set.
  ///
  /// - fails if only its place of use knows that
  public T standardValue() {
    return Objects.requireNonNull(standard, () -> "'" + key() + "' has no fixed default");
  }

  /// The key in parts, of which the last is the name proper.
  List<String> path() {
    return List.of(key().split("\\."));
  }

  /// All spellings of the last part, its own first.
  List<String> spellings() {
    var all = new ArrayList<String>();
    all.add(path().getLast());
    all.addAll(aliases);
    return all;
  }

  /// What its values look like.
  public String form() {
    return Coercion.expectation(type);
  }
}
