package dev.sluice.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/// Looks through the events of a YAML text before values are made of them, so that nothing that
/// somebody may have sent costs more than its length: values that hold themselves, aliases that
/// unfold to millions of values, depth, numbers of many digits, tags, a key that stands twice.
final class YamlGuard {
  static final int MAX_DEPTH = 100;
  static final int MAX_VALUES = 500_000;
  static final int MAX_DIGITS = 100;
  private static final String OF_NUMBERS = "0123456789abcdefABCDEFxX_+-.:";

  /// The collections that are open, innermost first.
  private final Deque<Level> open = new ArrayDeque<>();

  /// How many values each finished anchor stands for.
  private final Map<String, Long> anchors = new HashMap<>();

  private long values;
  private int documents;

  /// A collection that is open.
  ///
  /// - `before`: how many values there were when it began
  /// - `keys`: those it has so far; null for a list
  private record Level(@Nullable String anchor, long before, @Nullable Keys keys) {}

  private static final class Keys {
    private final Set<String> seen = new HashSet<>();
    private boolean keyIsNext = true;
  }

  /// Fails with [IllegalArgumentException] that says line and column.
  static void check(Iterable<Event> events) {
    var guard = new YamlGuard();
    events.forEach(guard::take);
  }

  private void take(Event event) {
    switch (event.getEventId()) {
      case DocumentStart -> document((DocumentStartEvent) event);
      case Alias -> alias((AliasEvent) event);
      case Scalar -> scalar((ScalarEvent) event);
      case MappingStart -> begin((CollectionStartEvent) event, new Keys());
      case SequenceStart -> begin((CollectionStartEvent) event, null);
      case MappingEnd, SequenceEnd -> end();
      default -> {}
    }
  }

  private void document(DocumentStartEvent event) {
    if (++documents > 1) throw refused(event, "a second document begins; a schema is one");
  }

  private void alias(AliasEvent event) {
    key(event, null);
    var name = event.getAnchor();
    if (open.stream().anyMatch(level -> name.equals(level.anchor())))
      throw refused(
          event, "'*%s' stands within what it names, so it would have no end".formatted(name));
    // What is not known SnakeYAML refuses.
    count(event, anchors.getOrDefault(name, 1L));
  }

  private void scalar(ScalarEvent event) {
    untagged(event, event.getTag());
    var text = event.getValue();
    key(event, text);
    if (event.isPlain() && text.length() > MAX_DIGITS && ofNumbers(text))
      throw refused(
          event,
          "a number of %d characters; the longest has %d".formatted(text.length(), MAX_DIGITS));
    count(event, 1);
    if (event.getAnchor() != null) anchors.put(event.getAnchor(), 1L);
  }

  private void begin(CollectionStartEvent event, @Nullable Keys keys) {
    untagged(event, event.getTag());
    key(event, null);
    if (open.size() == MAX_DEPTH)
      throw refused(event, "values are nested deeper than %d levels".formatted(MAX_DEPTH));
    open.push(new Level(event.getAnchor(), values, keys));
    count(event, 1);
  }

  private void end() {
    var level = open.pop();
    if (level.anchor() != null) anchors.put(level.anchor(), values - level.before());
  }

  /// Whatever begins here is a key, a value of a mapping, or neither.
  ///
  /// - `text`: what it is, if it is a scalar
  private void key(Event event, @Nullable String text) {
    var keys = open.isEmpty() ? null : open.peek().keys();
    if (keys == null) return;
    if (keys.keyIsNext) {
      if (text == null) throw refused(event, "a key that is no text");
      if (!keys.seen.add(text))
        throw refused(event, "the key '%s' stands twice".formatted(shown(text)));
    }
    keys.keyIsNext = !keys.keyIsNext;
  }

  private void count(NodeEvent event, long more) {
    values += more;
    if (values > MAX_VALUES)
      throw refused(
          event,
          "here are more than %d values, those of aliases counted each time".formatted(MAX_VALUES));
  }

  private static void untagged(Event event, @Nullable String tag) {
    if (tag != null)
      throw refused(
          event, "the tag '%s'; a schema has none, so leave it out".formatted(shown(tag)));
  }

  private static boolean ofNumbers(String text) {
    return text.chars().allMatch(c -> OF_NUMBERS.indexOf(c) >= 0);
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static IllegalArgumentException refused(Event event, String what) {
    return new IllegalArgumentException(place(event.getStartMark()) + what);
  }

  /// `line 3, column 5: `, counted from 1.
  static String place(@Nullable Mark mark) {
    return mark == null
        ? ""
        : "line %d, column %d: ".formatted(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
