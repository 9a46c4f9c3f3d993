package dev.sluice.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a load does with the rows that a table already has.
///
/// ```java
/// users.disposition(WriteDisposition.merge());                    // delete-insert by key
/// users.disposition(WriteDisposition.scd2());                     // keep history
/// ```
public sealed interface WriteDisposition {
  /// Adds the rows: the default.
  static WriteDisposition append() {
    return new Append();
  }

  /// Replaces all rows of the table.
  static WriteDisposition replace() {
    return new Replace();
  }

  /// Loads nothing.
  static WriteDisposition skip() {
    return new Skip();
  }

  /// Replaces rows of the same key by deleting and inserting: what somebody else wrote into columns
  /// that they added to the table goes with the old row.
  static WriteDisposition merge() {
    return new Merge(Strategy.DELETE_INSERT, Map.of());
  }

  /// Updates rows of the same key, inserts new ones; columns that somebody else added to the table
  /// keep their values. Needs a unique primary key.
  static WriteDisposition upsert() {
    return new Merge(Strategy.UPSERT, Map.of());
  }

  /// Inserts rows whose key is new, leaves the others as they are. Needs a unique primary key.
  static WriteDisposition insertOnly() {
    return new Merge(Strategy.INSERT_ONLY, Map.of());
  }

  /// Keeps every version of a row with the time from which and to which it held.
  static WriteDisposition scd2() {
    return new Merge(Strategy.SCD2, Map.of());
  }

  /// From dlt's form: a word, or a dictionary with `disposition`, `strategy` and options.
  static WriteDisposition of(Object setting) {
    if (setting instanceof WriteDisposition disposition) return disposition;
    var options = new LinkedHashMap<String, Object>();
    Object word = setting;
    if (setting instanceof Map<?, ?> map) {
      word = map.get("disposition");
      // a null says "none" for some options, so it stays
      map.forEach((key, value) -> options.put(String.valueOf(key), value));
      options.remove("disposition");
    }
    return switch (String.valueOf(word)) {
      case "append" -> append();
      case "replace" -> replace();
      case "skip" -> skip();
      // the strategy stays among the options: a schema file says whether it was chosen
      case "merge" -> new Merge(Strategy.of(options.get("strategy")), options);
      default ->
          throw new IllegalArgumentException(
              "'%s' is no write disposition; use append, replace, merge or skip".formatted(word));
    };
  }

  /// The word in schema files: `append`, `replace`, `merge`, `skip`.
  String word();

  /// Adds the rows.
  record Append() implements WriteDisposition {
    @Override
    public String word() {
      return "append";
    }
  }

  /// Replaces all rows of the table.
  record Replace() implements WriteDisposition {
    @Override
    public String word() {
      return "replace";
    }
  }

  /// Loads nothing.
  record Skip() implements WriteDisposition {
    @Override
    public String word() {
      return "skip";
    }
  }

  /// Brings the rows together with those that are there.
  ///
  /// - `options`: dlt's, by name: `deduplicated`, `validity_column_names`,
  ///   `active_record_timestamp`, `boundary_timestamp`, `row_version_column_name`
  record Merge(Strategy strategy, Map<String, @Nullable Object> options)
      implements WriteDisposition {
    private static final List<String> KNOWN =
        List.of(
            "strategy",
            "deduplicated",
            "validity_column_names",
            "active_record_timestamp",
            "boundary_timestamp",
            "row_version_column_name");

    /// Refuses an option that nothing here would heed, and a time that is none.
    public Merge {
      options.forEach((name, value) -> {
        if (!KNOWN.contains(name))
          throw new IllegalArgumentException(
              "'%s' is no option of a merge; use %s".formatted(name, String.join(", ", KNOWN)));
        if (name.endsWith("_timestamp") && value != null) Moments.of("Option " + name, value);
      });
    }

    @Override
    public String word() {
      return "merge";
    }

    /// Sets one of dlt's options.
    public Merge option(String name, @Nullable Object value) {
      var copy = new LinkedHashMap<String, @Nullable Object>(options);
      copy.put(name, value);
      return new Merge(strategy, copy);
    }
  }

  /// How a merge is done.
  enum Strategy {
    /// Delete rows of the same key, then insert.
    DELETE_INSERT("delete-insert"),
    /// Update rows of the same key, insert the others.
    UPSERT("upsert"),
    /// Insert rows whose key is new.
    INSERT_ONLY("insert-only"),
    /// Keep history.
    SCD2("scd2");

    private final String word;

    Strategy(String word) {
      this.word = word;
    }

    /// The spelling in schema files.
    public String word() {
      return word;
    }

    static Strategy of(@Nullable Object word) {
      if (word == null) return DELETE_INSERT;
      for (var strategy : values()) if (strategy.word.equals(word)) return strategy;
      throw new IllegalArgumentException(
          "'%s' is no merge strategy; use delete-insert, upsert, insert-only or scd2"
              .formatted(word));
    }
  }
}
