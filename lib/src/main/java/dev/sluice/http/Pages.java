package dev.sluice.http;

import dev.sluice.config.Masking;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The pages of one stream, fetched when asked for. Pages without rows are passed over.
final class Pages implements Iterator<List<Map<String, @Nullable Object>>> {
  private static final System.Logger LOG = System.getLogger(Pages.class.getName());

  private final RestClient client;
  private final Http http;
  private final Http elsewhere;
  private final URI home;
  private final Circle asked = new Circle();
  private Http.@Nullable Request next;
  private Paginator.@Nullable Page last;
  private @Nullable Paginator paginator;
  private @Nullable JsonPath selector;
  private int number;
  private byte[] lastBody = new byte[0];
  private @Nullable Long lastTotal;
  private List<?> lastRows = List.of();
  private List<Map<String, @Nullable Object>> ready = List.of();

  Pages(RestClient client, Http.Request first) {
    this.client = client;
    this.http = client.http;
    this.elsewhere = client.http.anonymous();
    this.home = RequestParts.of("GET", client.base).uri();
    this.next = client.paginator.first(first);
    this.paginator = client.paginator instanceof Guess ? null : client.paginator;
    this.selector = client.selector == null ? null : JsonPath.of(client.selector);
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty()) {
      if (last != null) { // looked for only now, so that its error does not swallow the page
        next = following(last);
        last = null;
      }
      if (next == null) {
        return false;
      }
      ready = fetch(next);
    }
    return true;
  }

  @Override
  public List<Map<String, @Nullable Object>> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more pages");
    }
    var page = ready;
    ready = List.of();
    return page;
  }

  private List<Map<String, @Nullable Object>> fetch(Http.Request request) {
    number++;
    refuseALoop(request);
    var response = send(request);
    next = null;
    if (response == null) {
      return List.of();
    }
    var rows = rows(response);
    var body = response.answer.body();
    if (number > 1 && !rows.isEmpty() && Arrays.equals(lastBody, body)) {
      refuseTheSamePage(request, response);
    }
    var fresh = withoutShifted(request, response, rows);
    last = new Paginator.Page(request, response, rows, number);
    lastBody = body;
    lastRows = rows;
    return fresh;
  }

  private Http.@Nullable Response send(Http.Request request) {
    var uri = request.parts.uri();
    boolean atHome = Redirects.sameOrigin(home, uri);
    try {
      var sender = atHome ? http : elsewhere;
      var sent =
          atHome ? request : new Http.Request(request.parts.changed(RequestParts::dropSecrets));
      var answer = sender.send(sent.expectJson()).answer;
      for (var rule : client.rules) {
        if (rule.fits(answer)) {
          if (rule.ignore()) {
            return null;
          }
          throw failed(
              request
                  + " answered "
                  + answer.status()
                  + " with a body that is to be refused: '"
                  + answer.beginning()
                  + "'",
              answer,
              1,
              null);
        }
      }
      return changed(answer);
    } catch (Http.Failed failed) {
      var answer = failed.answer;
      if (answer != null
          && client.rules.stream().anyMatch(rule -> rule.ignore() && rule.fits(answer))) {
        return null;
      }
      throw failed;
    }
  }

  private Http.Response changed(Answer answer) {
    var plain = new Http.Response(answer);
    return client.change == null
        ? plain
        : new Http.Response(answer.replaced(client.change.apply(plain.json())));
  }

  private List<?> rows(Http.Response response) {
    var json = response.json();
    if (json == null) {
      return List.of();
    }
    if (selector == null) {
      selector = JsonPath.of(Guess.rows(json));
    }
    var found = selector.all(json);
    if (found.isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "no rows at '"
              + selector
              + "' in the answer of "
              + response.answer.masked(Masks.url(response.url())));
    }
    if (found.size() != 1) {
      return found;
    }
    var one = found.get(0);
    return one instanceof List<?> list ? list : one == null ? List.of() : List.of(one);
  }

  private Http.@Nullable Request following(Paginator.Page page) {
    var request = page.request();
    var response = page.response();
    try {
      if (paginator == null) {
        paginator = Guess.paginator(response);
      }
      var found = paginator.next(page);
      if (found.isEmpty() || (client.maxPages > 0 && number >= client.maxPages)) {
        return null;
      }
      var refusal =
          Redirects.refusal(
              request.parts.uri(), found.get().parts.uri(), http.settings().trustedHosts);
      if (refusal == null && found.get().parts.secretBody()) {
        refusal = "the body it would carry there may hold secrets";
      }
      if (refusal != null && !Redirects.sameOrigin(home, found.get().parts.uri())) {
        throw failed(
            request
                + " names '"
                + Masks.url(found.get().parts)
                + "' as its next page, which is not"
                + " followed: "
                + refusal,
            response.answer,
            1,
            null);
      }
      return found.get();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw failed(
          "the page after " + request + " cannot be found: " + e.getMessage(),
          response.answer,
          1,
          e);
    }
  }

  // ------------------------------------------------------------------ pages that go wrong

  private void refuseALoop(Http.Request request) {
    var digest = sha256();
    digest.update((request.method() + " " + request.url()).getBytes(StandardCharsets.UTF_8));
    if (request.parts.body != null) {
      digest.update(request.parts.body);
    }
    if (asked.closes(ByteBuffer.wrap(digest.digest()).getLong())) {
      throw failed(
          request
              + " was asked before: the pages run in a circle at page "
              + number
              + "; look at the paginator and at what the server names as next",
          null,
          0,
          null);
    }
  }

  private void refuseTheSamePage(Http.Request request, Http.Response response) {
    throw failed(
        request
            + " brought page "
            + (number - 1)
            + " again as page "
            + number
            + ": the server does not know the parameter for the next page; look at the paginator",
        response.answer,
        1,
        null);
  }

  /// Counting pages goes wrong when rows come and go meanwhile. Where the server tells a total,
  /// this shows: rows that moved on to this page are dropped, rows that moved back would be lost.
  private List<Map<String, @Nullable Object>> withoutShifted(
      Http.Request request, Http.Response response, List<?> rows) {
    int from = 0;
    if (paginator instanceof Ranges ranges) {
      var total = ranges.total(response);
      if (total != null && lastTotal != null && number > 1) {
        long more = total - lastTotal;
        if (more < 0 && ranges.limitAt() != null) {
          throw failed(
              request
                  + " has a total of "
                  + total
                  + ", but the page before it had "
                  + lastTotal
                  + ": rows were taken away meanwhile, so some would be missed; page by cursor, or"
                  + " run again",
              response.answer,
              1,
              null);
        }
        int moved = (int) Math.min(more, Math.min(rows.size(), lastRows.size()));
        if (moved > 0
            && rows.subList(0, moved)
                .equals(lastRows.subList(lastRows.size() - moved, lastRows.size()))) {
          from = moved;
        }
      }
      lastTotal = total;
    }
    var fresh = new ArrayList<Map<String, @Nullable Object>>(rows.size() - from);
    for (var row : rows.subList(from, rows.size())) {
      fresh.add(row(row));
    }
    return fresh;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> row(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map; // JSON has names of text only
    }
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put("value", value);
    return row;
  }

  /// What the settings know to be secret is hidden in every message, as the request hides its own.
  private Http.Failed failed(
      String message, @Nullable Answer answer, int attempts, @Nullable Throwable cause) {
    UnaryOperator<String> mask =
        text -> http.settings().known.apply(answer == null ? text : answer.masked(text));
    return new Http.Failed(
        mask.apply(message), answer, attempts, cause == null ? null : Masking.chain(cause, mask));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Java without SHA-256", e);
    }
  }
}
