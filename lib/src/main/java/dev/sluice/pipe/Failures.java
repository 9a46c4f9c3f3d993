package dev.sluice.pipe;

import dev.sluice.seam.IoFault;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sentences that say which resource failed at what.
final class Failures {
  private static final int LONGEST = 200;

  private Failures() {}

  /// A generator that failed before its next element.
  static PipeException generator(Source source, Throwable cause) {
    var origin = source.origin;
    var name = source.node.pipe.name;
    var where =
        source.initial
            ? origin.at(origin.elements + 1)
            : "a nested generator of " + origin.at(origin.elements) + of(name, origin);
    return failed(name, where, cause);
  }

  /// A step that failed on an element.
  static PipeException step(Node node, Origin origin, Object element, Throwable cause) {
    var name = node.pipe.name;
    var where =
        element instanceof List<?> page
            ? origin.at(origin.elements) + of(name, origin) + " (" + page.size() + " rows)"
            : "item " + quoted(element);
    return failed(name, where, cause);
  }

  /// A deferred call that failed.
  static PipeException call(Pending pending, Throwable cause) {
    var subject = pending.call.subject();
    var where = subject == null ? "a deferred call" : "item " + quoted(subject);
    return failed(pending.node.pipe.name, where, cause);
  }

  /// What an evaluation waits for, when it has nothing else to do.
  static String waiting(Pending pending) {
    var subject = pending.call.subject();
    return "resource '"
        + pending.node.pipe.name
        + "' waits for "
        + (subject == null ? "a deferred call" : "item " + quoted(subject));
  }

  private static PipeException failed(String name, String where, Throwable cause) {
    if (cause instanceof PipeException itself) {
      return itself;
    }
    var sentence = sentence(cause);
    var ofResource = "Resource '" + name + "' ";
    return new PipeException(
        name,
        sentence.startsWith(ofResource)
            ? sentence
            : ofResource + "failed on " + where + ": " + sentence,
        cause);
  }

  private static String of(String name, Origin origin) {
    var head = origin.node.pipe.name;
    return head.equals(name) ? "" : " of '" + head + "'";
  }

  /// The class of an exception says something too, unless the sentence is our own.
  private static String sentence(Throwable cause) {
    var fault = IoFault.of(cause);
    if (fault != null) {
      return fault;
    }
    var message = cause.getMessage();
    var type = cause.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return type;
    }
    return ours(cause) ? message : type + ": " + message;
  }

  private static boolean ours(Throwable cause) {
    var thrown = cause.getStackTrace();
    return cause.getClass().getName().startsWith("dev.sluice.")
        || ((cause instanceof IllegalArgumentException || cause instanceof UncheckedIOException)
            && thrown.length > 0
            && thrown[0].getClassName().startsWith("dev.sluice."));
  }

  private static String quoted(@Nullable Object element) {
    String text;
    try {
      text = String.valueOf(element);
    } catch (RuntimeException unprintable) {
      text = "a " + (element == null ? "null" : element.getClass().getSimpleName());
    }
    return "'" + (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text) + "'";
  }
}
