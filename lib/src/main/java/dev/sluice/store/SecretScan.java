package dev.sluice.store;

import dev.sluice.config.Masking;
import dev.sluice.json.Json;
import dev.sluice.seam.Seam;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks for known secrets in bytes that are about to be written, and refuses them: as they are, as
/// in JSON, encoded for a URL, in base64.
///
/// All forms are looked for at once, skipping as far as their shortest allows (Wu and Manber): a
/// few secrets cost a fraction of what the compression of the same bytes does, none cost nothing.
@Seam
public final class SecretScan {
  /// Shorter secrets stand in too many innocent texts.
  public static final int SHORTEST = 8;

  private static final int HASHES = 1 << 12;

  private final Supplier<Map<String, String>> known;
  private volatile Patterns patterns = Patterns.of(Map.of());

  private SecretScan(Supplier<Map<String, String>> known) {
    this.known = known;
  }

  /// - `known`: secrets with the keys of their settings; asked for each time, since a script may
  ///   get one while it runs
  public static SecretScan of(Supplier<Map<String, String>> known) {
    return new SecretScan(known);
  }

  /// Refuses rows of a table; with them its file has `rowsUpTo`.
  void rows(String table, String file, long rowsUpTo, byte[] bytes, int from, int count) {
    var found = find(bytes, from, count);
    if (found != null) {
      throw refused(
          "Table '" + table + "'" + place(bytes, from, count, found, file, rowsUpTo), found);
    }
  }

  /// Refuses another content; `what` begins the message.
  public void content(String what, byte[] bytes) {
    var found = find(bytes, 0, bytes.length);
    if (found != null) {
      throw refused(what, found);
    }
  }

  private static StoreException refused(String what, Form found) {
    return StoreException.refused(
        what
            + " would hold the secret '"
            + found.setting
            + "'"
            + (found.plain ? "" : " (encoded)")
            + "; take it out of the rows, or allow it with the setting"
            + " extract.allow_secrets_in_data = true");
  }

  private @Nullable Form find(byte[] bytes, int from, int count) {
    var now = known.get();
    var patterns = this.patterns;
    if (!patterns.of.equals(now)) {
      patterns = Patterns.of(now);
      this.patterns = patterns;
    }
    return patterns.forms.isEmpty() ? null : patterns.find(bytes, from, from + count);
  }

  // ------------------------------------------------------------------ where it stands

  /// Column and row, which are looked for only now that one is found.
  private static String place(
      byte[] bytes, int from, int count, Form found, String file, long rowsUpTo) {
    try {
      var text = new String(bytes, from, count, StandardCharsets.UTF_8).strip();
      Object parsed = Json.loads(text.startsWith("[") ? text : "[" + text.replace("\n", ",") + "]");
      if (parsed instanceof List<?> rows) {
        for (int i = 0; i < rows.size(); i++) {
          if (rows.get(i) instanceof Map<?, ?> row) {
            for (var cell : row.entrySet()) {
              if (holds(cell.getKey(), found) || holds(cell.getValue(), found)) {
                return ", column '"
                    + (holds(cell.getKey(), found) ? Masking.MASK : cell.getKey())
                    + "', row "
                    + (rowsUpTo - rows.size() + i + 1)
                    + " of file '"
                    + file
                    + "'";
              }
            }
          }
        }
      }
    } catch (IllegalArgumentException noJson) {
      return ", file '" + file + "'";
    }
    return ", file '" + file + "'";
  }

  private static boolean holds(@Nullable Object value, Form form) {
    var json = Json.dumpb(value);
    return new String(json, StandardCharsets.UTF_8)
        .contains(new String(form.bytes, StandardCharsets.UTF_8));
  }

  // ------------------------------------------------------------------ the search

  /// One form of one secret.
  private static final class Form {
    final byte[] bytes;
    final String setting;
    final boolean plain;

    Form(byte[] bytes, String setting, boolean plain) {
      this.bytes = bytes;
      this.setting = setting;
      this.plain = plain;
    }
  }

  private static final class Patterns {
    final Map<String, String> of;
    final List<Form> forms;
    private final int shortest;
    private final byte[] shift = new byte[HASHES];
    private final Form[][] ending = new Form[HASHES][];

    Patterns(Map<String, String> of, List<Form> forms) {
      this.of = of;
      this.forms = forms;
      shortest = Math.min(100, forms.stream().mapToInt(form -> form.bytes.length).min().orElse(2));
      Arrays.fill(shift, (byte) (shortest - 1));
      for (var form : forms) {
        for (int i = 1; i < shortest; i++) {
          var hash = hash(form.bytes, i);
          shift[hash] = (byte) Math.min(shift[hash], shortest - 1 - i);
        }
        var last = hash(form.bytes, shortest - 1);
        var there = ending[last];
        var more = there == null ? new Form[1] : Arrays.copyOf(there, there.length + 1);
        more[more.length - 1] = form;
        ending[last] = more;
      }
    }

    static Patterns of(Map<String, String> secrets) {
      var forms = new LinkedHashMap<String, Form>();
      secrets.forEach((secret, setting) ->
          Masking.forms(secret)
              .forEach(form -> {
                var bytes = form.getBytes(StandardCharsets.UTF_8);
                if (bytes.length >= SHORTEST) {
                  forms.putIfAbsent(form, new Form(bytes, setting, form.equals(secret)));
                }
              }));
      return new Patterns(Map.copyOf(secrets), new ArrayList<>(forms.values()));
    }

    @Nullable Form find(byte[] bytes, int from, int to) {
      var shift = this.shift;
      int at = from + shortest - 1;
      while (at < to) {
        var hash = hash(bytes, at);
        int far = shift[hash];
        if (far > 0) {
          at += far;
          continue;
        }
        var candidates = ending[hash];
        if (candidates != null) {
          for (var form : candidates) {
            var start = at - shortest + 1;
            var end = start + form.bytes.length;
            if (end <= to && Arrays.equals(bytes, start, end, form.bytes, 0, form.bytes.length)) {
              return form;
            }
          }
        }
        at++;
      }
      return null;
    }

    private static int hash(byte[] bytes, int last) {
      return ((bytes[last - 1] & 0xff) << 5 ^ (bytes[last] & 0xff)) & (HASHES - 1);
    }
  }
}
