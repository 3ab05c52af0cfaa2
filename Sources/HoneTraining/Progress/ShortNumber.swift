import Foundation

/// Numbers in the sentences of notes; a number that is none becomes a word, never a trap.
enum ShortNumber {
  /// Three significant digits, `0.0417`, `12.3`, `1e-05`; `unknown` where there is no number.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "unknown" }
    return String(format: "%.3g", value)
  }

  /// A share as percent, whole: `24 %`; `unknown` where there is no number.
  static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "unknown" }
    return String(format: "%.0f %%", share * 100)
  }
}

extension Double {
  /// The natural logarithm.
  var logarithm: Double { log(self) }
}
