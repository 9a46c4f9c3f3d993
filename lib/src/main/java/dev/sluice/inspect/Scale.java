package dev.sluice.inspect;

import java.util.Locale;

/// An axis from a round number at or below the smallest to one at or above the largest.
record Scale(double from, double to, double step) {
  static Scale of(double smallest, double largest) {
    var low = Math.min(0, smallest);
    var high = Math.max(largest, low + (largest == low ? 1 : 0));
    var raw = (high - low) / 4;
    var power = Math.pow(10, Math.floor(Math.log10(raw)));
    var step = power * (raw / power <= 1 ? 1 : raw / power <= 2 ? 2 : raw / power <= 5 ? 5 : 10);
    return new Scale(Math.floor(low / step) * step, Math.ceil(high / step) * step, step);
  }

  /// From zero to just this value.
  static Scale upTo(double largest) {
    return new Scale(0, largest, of(0, largest).step());
  }

  double at(double value, double length) {
    return (value - from) / (to - from) * length;
  }

  int ticks() {
    return (int) Math.floor((to - from) / step + 1e-9);
  }

  double tick(int number) {
    return from + number * step;
  }

  /// `1.5 M`, `200 k`, `0.25`.
  static String label(double value) {
    var size = Math.abs(value);
    if (size >= 1e9) {
      return trimmed(value / 1e9) + " G";
    }
    if (size >= 1e6) {
      return trimmed(value / 1e6) + " M";
    }
    if (size >= 1e4) {
      return trimmed(value / 1e3) + " k";
    }
    return trimmed(value);
  }

  private static String trimmed(double value) {
    var text = String.format(Locale.ROOT, Math.abs(value) >= 1 ? "%,.2f" : "%.4f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
