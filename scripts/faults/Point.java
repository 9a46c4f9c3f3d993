import java.util.List;

/// One fault at one place of one run; its text runs it again.
///
/// - `kind`: what happens
/// - `stage`: where: a stage of the run, or the stage after which files are damaged
/// - `what`: the kind of operation that is struck, or the variant
/// - `number`: which operation (`7`, or `7+2` for a second fault in the recovery), or a seed
/// - `begin`: `first` for the run that creates everything, `second` for one that goes on
/// - `format`: of the load files
record Point(String kind, String stage, String what, String number, String begin, String format) {
  static Point parse(String text) {
    var parts = List.of(text.split("/", -1));
    if (parts.size() != 6) {
      throw new IllegalArgumentException(
          "The point '%s' must have six parts: kind/stage/what/number/begin/format, as the harness prints them".formatted(text));
    }
    return new Point(parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4), parts.get(5));
  }

  /// The round that is loaded before the fault.
  int before() {
    return begin.equals("first") ? 0 : 1;
  }

  long nth() {
    return Long.parseLong(number.contains("+") ? number.substring(0, number.indexOf('+')) : number);
  }

  /// The operation of the recovery that is struck.
  long second() {
    return Long.parseLong(number.substring(number.indexOf('+') + 1));
  }

  @Override
  public String toString() {
    return String.join("/", kind, stage, what, number, begin, format);
  }

  /// What came of it.
  ///
  /// - `struck`: whether the fault happened at all; a run may have fewer operations than the one that was counted
  /// - `outcome`: a word for what the run that was struck ended with
  /// - `problems`: what is not as it must be, a sentence each
  record Result(Point point, boolean struck, String outcome, List<String> problems) {
    boolean survived() {
      return problems.isEmpty();
    }
  }
}
