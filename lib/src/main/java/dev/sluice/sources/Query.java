package dev.sluice.sources;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A select and its parameters; `subject` names it in errors: "table 'orders'".
record Query(String subject, String sql, List<@Nullable Object> parameters) {
  Query {
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }
}
