package dev.sluice.sources;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A select and its parameters; `subject` names it in errors: "table 'orders'".
///
/// No record, since JBang's class reader fails at a record whose list may hold nulls.
final class Query {
  private final String subject;
  private final String sql;
  private final List<@Nullable Object> parameters;

  Query(String subject, String sql, List<@Nullable Object> parameters) {
    this.subject = subject;
    this.sql = sql;
    this.parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  String subject() {
    return subject;
  }

  String sql() {
    return sql;
  }

  List<@Nullable Object> parameters() {
    return parameters;
  }
}
