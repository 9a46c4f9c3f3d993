package dev.sluice.inspect;

import java.util.Locale;

/// Writes a picture: white ground, dark text, one family of colours; lengths in pixels.
final class Svg {
  static final String TEXT = "#1f2933";
  static final String FAINT = "#7b8794";
  static final String GRID = "#e4e7eb";
  static final String BAR = "#2f6f9f";
  static final String GOOD = "#3f8f5f";
  static final String BAD = "#c0392b";
  static final String SOFT = "#eef4f8";
  private static final double CHARACTER = 0.58;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  Svg(String title) {
    this.title = title;
  }

  /// About how wide a text is.
  static double width(String text, int size) {
    return TextWidth.of(text) * size * CHARACTER;
  }

  /// The text, cut in the middle so that it is no wider.
  static String fit(String text, int size, double width) {
    return TextWidth.cutMiddle(text, (int) Math.max(1, width / (size * CHARACTER)));
  }

  Svg rect(double x, double y, double width, double height, String fill, String tip) {
    body.append(
            "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"2\" fill=\"%s\">"
                .formatted(n(x), n(y), n(Math.max(width, 0.5)), n(height), fill))
        .append("<title>")
        .append(escape(tip))
        .append("</title></rect>\n");
    return this;
  }

  Svg box(double x, double y, double width, double height, String fill, String stroke) {
    body.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"4\" fill=\"%s\" stroke=\"%s\"/>\n"
            .formatted(n(x), n(y), n(width), n(height), fill, stroke));
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String stroke) {
    body.append(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>\n"
            .formatted(n(x1), n(y1), n(x2), n(y2), stroke));
    return this;
  }

  Svg path(String d, String stroke, boolean dashed) {
    body.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s/>\n"
            .formatted(d, stroke, dashed ? " stroke-dasharray=\"4 3\"" : ""));
    return this;
  }

  /// `anchor` is `start`, `middle` or `end`.
  Svg text(double x, double y, String text, int size, String fill, String anchor) {
    body.append(
        "<text x=\"%s\" y=\"%s\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(n(x), n(y), size, fill, anchor, escape(text)));
    return this;
  }

  /// Cut so that it is no wider; letters in bold are wider by a seventh.
  Svg bold(double x, double y, String text, int size, String fill, double width) {
    body.append(
        "<text x=\"%s\" y=\"%s\" font-size=\"%d\" font-weight=\"600\" fill=\"%s\">%s</text>\n"
            .formatted(n(x), n(y), size, fill, escape(fit(text, size, width * 6 / 7))));
    return this;
  }

  String build(double width, double height) {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" \
    font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">
    <title>%s</title>
    <rect width="100%%" height="100%%" fill="#ffffff"/>
    %s</svg>
    """
        .formatted(n(width), n(height), n(width), n(height), escape(title), body);
  }

  static String n(double number) {
    var text = String.format(Locale.ROOT, "%.1f", number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  static String escape(String text) {
    var escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            default -> {
              // what XML cannot hold
              if ((c >= 0x20 && (c < 0x7f || c > 0x9f) && (c < 0xd800 || c > 0xdfff) && c < 0xfffe)
                  || c == '\n'
                  || c == '\t'
                  || (c > 0xffff && (c & 0xfffe) != 0xfffe)) {
                escaped.appendCodePoint(c);
              } else {
                escaped.append('\ufffd');
              }
            }
          }
        });
    return escaped.toString();
  }
}
