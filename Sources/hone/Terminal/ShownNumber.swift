import Foundation

// Numbers as people read them.

extension Double {
  /// With so many digits behind the point; `-` where there is no number.
  func shown(digits: Int) -> String {
    isFinite ? String(format: "%.\(digits)f", self) : "-"
  }

  /// A share as percent: `24 %`.
  func shownPercent(digits: Int = 0) -> String { (self * 100).shown(digits: digits) + " %" }

  /// A small number, such as a learning rate: `1.0e-04`.
  var shownScientific: String { isFinite ? String(format: "%.1e", self) : "-" }

  /// Seconds as `2.4 s`, `1m58s` or `3h05m`.
  package var shownDuration: String {
    guard isFinite, self >= 0 else { return "-" }
    if self < 60 { return shown(digits: self < 10 ? 1 : 0) + " s" }
    let whole = Int(rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
    return "\(whole / 3600)h\(two(whole % 3600 / 60))m"
  }
}
