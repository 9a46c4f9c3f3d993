package dev.sluice.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds out from a first page where its rows are and how the next page is found.
final class Guess implements Paginator {
  static final Paginator AUTO = new Guess();

  private static final Set<String> ROWS =
      Set.of(
          "data",
          "items",
          "results",
          "entries",
          "records",
          "rows",
          "entities",
          "payload",
          "content",
          "objects",
          "values");
  private static final Pattern NEXT = Pattern.compile("next.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern ADDRESS = Pattern.compile("(href|url).*", Pattern.CASE_INSENSITIVE);
  private static final Pattern TOTAL_PAGES =
      Pattern.compile("total_pages|pages|totalpages", Pattern.CASE_INSENSITIVE);
  private static final Pattern THIS_PAGE =
      Pattern.compile(
          "page|current|current_?page|page_?(number|no|index)|number", Pattern.CASE_INSENSITIVE);
  private static final int DEEPEST_LIST = 3;

  private record Found(List<String> path, Object value) {
    String dotted() {
      var dotted = new StringBuilder();
      for (var step : path) {
        dotted.append("['").append(step).append("']");
      }
      return dotted.toString();
    }
  }

  private Guess() {}

  @Override
  public Optional<Http.Request> next(Page page) throws Exception {
    return paginator(page.response()).next(page);
  }

  static Paginator paginator(Http.Response response) {
    if (Links.header(response, "next") != null) {
      return Paginator.headerLink();
    }
    var json = response.json();
    var next = find(json, List.of(), true);
    if (next != null) {
      var text = next.value.toString();
      if (text.startsWith("http") || text.startsWith("/")) {
        return Paginator.jsonLink(next.dotted());
      }
    }
    var pages = find(json, List.of(), false);
    if (pages != null && pages.value.toString().matches("[0-9]{1,9}")) {
      return Paginator.of(
          Map.of(
              "type",
              "page_number",
              "total_path",
              pages.dotted(),
              "base_page",
              firstPage(json, pages.path)));
    }
    if (next != null) {
      return Paginator.cursor(next.dotted(), "cursor");
    }
    return Paginator.single();
  }

  /// The path to the rows: a list under a usual name, else the first list, else the whole body.
  static String rows(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      return "$";
    }
    var lists = new ArrayList<Found>();
    lists(map, List.of(), lists);
    for (var list : lists) {
      if (ROWS.contains(list.path.get(list.path.size() - 1))) {
        return list.dotted();
      }
    }
    return lists.isEmpty() ? "$" : lists.get(0).dotted();
  }

  private static void lists(Map<?, ?> map, List<String> path, List<Found> found) {
    if (path.size() >= DEEPEST_LIST) {
      return;
    }
    for (var entry : map.entrySet()) {
      var here = longer(path, entry.getKey());
      if (entry.getValue() instanceof List<?> list) {
        found.add(new Found(here, list));
      } else if (entry.getValue() instanceof Map<?, ?> inner) {
        lists(inner, here, found);
      }
    }
  }

  private static @Nullable Found find(@Nullable Object json, List<String> path, boolean next) {
    if (!(json instanceof Map<?, ?> map)) {
      return null;
    }
    for (var entry : map.entrySet()) {
      var here = longer(path, entry.getKey());
      var value = entry.getValue();
      var pattern = next ? NEXT : TOTAL_PAGES;
      if (pattern.matcher(String.valueOf(entry.getKey())).matches()) {
        if (isScalar(value)) {
          return new Found(here, value);
        }
        if (next && value instanceof Map<?, ?> link) {
          for (var part : link.entrySet()) {
            if (ADDRESS.matcher(String.valueOf(part.getKey())).matches()
                && isScalar(part.getValue())) {
              return new Found(longer(here, part.getKey()), part.getValue());
            }
          }
        }
      }
      var deeper = find(value, here, next);
      if (deeper != null) {
        return deeper;
      }
    }
    return null;
  }

  /// The number of the first page, which stands beside the total of pages; else 0, as dlt has it.
  private static long firstPage(@Nullable Object json, List<String> totalPath) {
    var beside = json;
    for (var step : totalPath.subList(0, totalPath.size() - 1)) {
      beside = beside instanceof Map<?, ?> map ? map.get(step) : null;
    }
    if (beside instanceof Map<?, ?> map) {
      for (var entry : map.entrySet()) {
        if (THIS_PAGE.matcher(String.valueOf(entry.getKey())).matches()
            && String.valueOf(entry.getValue()).matches("[01]")) {
          return Long.parseLong(entry.getValue().toString());
        }
      }
    }
    return 0;
  }

  private static boolean isScalar(@Nullable Object value) {
    return value instanceof String || value instanceof Number;
  }

  private static List<String> longer(List<String> path, Object step) {
    var longer = new ArrayList<>(path);
    longer.add(String.valueOf(step));
    return longer;
  }
}
