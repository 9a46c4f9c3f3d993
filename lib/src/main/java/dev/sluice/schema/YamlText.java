package dev.sluice.schema;

import java.io.StringReader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/// YAML as dlt's reader and writer understand it: version 1.1, where `yes` is true and `12e3` is
/// text.
final class YamlText {
  /// Of a text to read, in characters.
  static final int LONGEST = 16 << 20;

  private YamlText() {}

  static String write(Map<String, Object> value) {
    var style = new DumperOptions();
    style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    style.setAllowUnicode(true);
    var yaml =
        new Yaml(
            new SafeConstructor(new LoaderOptions()),
            new PlainWords(style),
            style,
            new LoaderOptions(),
            new Words(true));
    return yaml.dump(copy(value));
  }

  /// The one mapping of a text; whole numbers are Long or BigInteger, dates text.
  ///
  /// Fails with [IllegalArgumentException], which says line and column, for what is no YAML, and
  /// for what [YamlGuard] refuses.
  static Map<String, Object> read(String text) {
    if (text.length() > LONGEST)
      throw new IllegalArgumentException(
          "The schema has %d characters, but YAML of more than %d is not read"
              .formatted(text.length(), LONGEST));
    var limits = new LoaderOptions();
    limits.setAllowDuplicateKeys(false);
    limits.setCodePointLimit(LONGEST);
    limits.setNestingDepthLimit(YamlGuard.MAX_DEPTH);
    // The guard has counted what they unfold to.
    limits.setMaxAliasesForCollections(YamlGuard.MAX_VALUES);
    var style = new DumperOptions();
    var yaml =
        new Yaml(
            new SafeConstructor(limits), new Representer(style), style, limits, new Words(false));
    try {
      YamlGuard.check(yaml.parse(new StringReader(text)));
      if (yaml.<Object>load(text) instanceof Map<?, ?> map) return object(map, "");
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      throw new IllegalArgumentException(
          "The schema is no YAML: " + YamlGuard.place(mark) + oneLine(e.getProblem()), e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("The schema is no YAML: " + oneLine(e.getMessage()), e);
    }
    throw new IllegalArgumentException(
        "The schema is no YAML mapping; it is no schema file of dlt");
  }

  private static String oneLine(@Nullable String message) {
    return String.valueOf(message).replaceAll("\\s+", " ").strip();
  }

  /// New collections throughout, so that none is written as an alias of another.
  private static Object copy(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, @Nullable Object>();
        map.forEach((key, inner) -> copy.put(key, inner == null ? null : copy(inner)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(inner -> copy.add(inner == null ? null : copy(inner)));
        yield copy;
      }
      default -> value;
    };
  }

  private static Map<String, Object> object(Map<?, ?> map, String path) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> {
      if (!(key instanceof String name))
        throw new IllegalArgumentException(
            "The key '%s' below '%s' is no text; put it in quotes".formatted(key, path));
      if (Schema.counts(name, value))
        object.put(name, value == null ? null : value(value, path + "." + name));
    });
    return object;
  }

  private static Object value(Object value, String path) {
    return switch (value) {
      case Map<?, ?> map -> object(map, path);
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(inner -> copy.add(inner == null ? null : value(inner, path)));
        yield copy;
      }
      case Integer number -> number.longValue();
      case BigInteger number -> number.bitLength() < 64 ? (Object) number.longValue() : number;
      default -> value;
    };
  }

  /// Text of several lines is quoted like any other.
  private static final class PlainWords extends Representer {
    PlainWords(DumperOptions style) {
      super(style);
      representers.put(
          String.class, text -> representScalar(Tag.STR, (String) text, style((String) text)));
    }

    /// Plain is quoted by the emitter where it must be, but for lines that end with a colon.
    private static DumperOptions.ScalarStyle style(String text) {
      var escaped = text.chars().anyMatch(c -> c == 0x85 || c == 0x2028 || c == 0x2029);
      if (escaped) return DumperOptions.ScalarStyle.DOUBLE_QUOTED;
      return text.indexOf('\n') >= 0
          ? DumperOptions.ScalarStyle.SINGLE_QUOTED
          : DumperOptions.ScalarStyle.PLAIN;
    }
  }

  /// Which plain words are no text, as PyYAML has it. A date would become a time stamp; reading
  /// leaves it the text it is, writing quotes it.
  private static final class Words extends Resolver {
    private static final Pattern BOOL_WORD =
        Pattern.compile(
            "^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$");
    private static final Pattern FLOAT_WORD =
        Pattern.compile(
            "^(?:[-+]?(?:[0-9][0-9_]*)\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
                + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
                + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN))$");
    private static final Pattern INT_WORD =
        Pattern.compile(
            "^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
                + "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$");
    private static final Pattern TIME_WORD =
        Pattern.compile(
            "^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \\t]+)[0-9][0-9]?"
                + ":[0-9]{2}:[0-9]{2}(?:\\.[0-9]*)?(?:[ \\t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$");
    private static final Pattern NULL_WORD = Pattern.compile("^(?:~|null|Null|NULL| )$");
    private static final Pattern EMPTY_WORD = Pattern.compile("^$");
    private static final Pattern MERGE_WORD = Pattern.compile("^(?:<<)$");
    private static final Pattern VALUE_WORD = Pattern.compile("^(?:=)$");

    Words(boolean writing) {
      if (writing) {
        addImplicitResolver(Tag.TIMESTAMP, TIME_WORD, "0123456789");
        addImplicitResolver(new Tag(Tag.PREFIX + "value"), VALUE_WORD, "=");
      }
    }

    /// A long text is no number: those the guard has refused, and the patterns would take a level
    /// of the stack for each part between colons.
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      var text = kind == NodeId.scalar && implicit && value.length() > YamlGuard.MAX_DIGITS;
      return text ? Tag.STR : super.resolve(kind, value, implicit);
    }

    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, BOOL_WORD, "yYnNtTfFoO");
      addImplicitResolver(Tag.FLOAT, FLOAT_WORD, "-+0123456789.");
      addImplicitResolver(Tag.INT, INT_WORD, "-+0123456789");
      addImplicitResolver(Tag.MERGE, MERGE_WORD, "<");
      addImplicitResolver(Tag.NULL, NULL_WORD, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY_WORD, null);
    }
  }
}
