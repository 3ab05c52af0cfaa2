import BigInt
import HoneJSON

/// Whether a result is the value that a test expects, which is written in JSON.
///
/// - An array is a list or a tuple of these items, in order; an object is a dict with exactly
///   these str keys, in any order; `null` is `None`.
/// - Strings are equal code point by code point.
/// - `true` and `false` equal bools alone; a bool never equals a number.
/// - Numbers are equal by value, whether they are written as an int or a float, without rounding:
///   `1` equals `1.0`, 2^53 + 1 does not equal 2^53 as a float. JSON has no NaN and no infinities,
///   so these equal nothing.
/// - No other type equals anything: not sets, not bytes, not a range, not an iterator.
package struct ValueComparison: Sendable, Hashable {
  /// How far numbers may be apart where at least one of them is a float; `nil`: not at all.
  ///
  /// Absolutely, or relative to the expected one, whichever allows more. Two ints have to be equal.
  package let tolerance: Double?

  /// Makes a comparison.
  /// - Parameter tolerance: `nil`, or finite and not negative.
  package init(tolerance: Double? = nil) {
    precondition(
      tolerance.map { $0.isFinite && $0 >= 0 } ?? true,
      "ValueComparison: the tolerance is \(tolerance ?? 0); wanted a finite number from 0")
    self.tolerance = tolerance
  }

  /// How a result differs from what is expected, in at most a few hundred characters, such as
  /// "got [1, 2], wanted [1, 3]"; `nil` if it does not.
  package func difference(_ value: TypedValue, expected: JSON) -> String? {
    guard let difference = firstDifference(value, expected) else { return nil }
    let whole = Self.contrast(value, TypedValue(expected))
    // Where the ends of both are cut off, the place says more than the beginnings.
    guard whole.contains("…"), !difference.path.isEmpty else { return whole }
    return "\(whole); first at \(difference.path): \(difference.text)"
  }

  private static func contrast(_ value: TypedValue, _ expected: TypedValue) -> String {
    "got \(value.shown(limit: 80)), wanted \(expected.shown(limit: 80))"
  }

  // Where two values differ, as the subscripts that lead there, and how.
  private struct Difference {
    var path = ""
    var text: String

    func under(_ key: TypedValue) -> Difference {
      Difference(path: "[\(key.shown(limit: 40))]" + path, text: text)
    }
  }

  private func firstDifference(_ value: TypedValue, _ expected: JSON) -> Difference? {
    let isEqual: Bool
    switch (value, expected) {
    case (.none, .null): isEqual = true
    case (.bool(let left), .bool(let right)): isEqual = left == right
    case (.string(let left), .string(let right)): isEqual = left.utf8.elementsEqual(right.utf8)
    case (.integer(let left), .integer(let right)): isEqual = left == BigInt(right)
    case (.integer(let left), .bigInteger(let digits)): isEqual = left == BigInt(jsonDigits: digits)
    case (.integer(let left), .number(let right)):
      isEqual = BigInt(exactly: right) == left || isNear(Double(left), right)
    case (.float(let left), .integer(let right)):
      isEqual = BigInt(exactly: left) == BigInt(right) || isNear(left, Double(right))
    case (.float(let left), .bigInteger(let digits)):
      let right = BigInt(jsonDigits: digits)
      isEqual = BigInt(exactly: left) == right || isNear(left, Double(right))
    case (.float(let left), .number(let right)): isEqual = left == right || isNear(left, right)
    case (.list(let items), .array(let wanted)), (.tuple(let items), .array(let wanted)):
      return firstDifference(items, wanted)
    case (.dictionary(let pairs), .object(let wanted)):
      return firstDifference(pairs, wanted)
    default: isEqual = false
    }
    return isEqual ? nil : Difference(text: Self.contrast(value, TypedValue(expected)))
  }

  private func firstDifference(_ items: [TypedValue], _ wanted: [JSON]) -> Difference? {
    for (index, (item, expected)) in zip(items, wanted).enumerated() {
      if let difference = firstDifference(item, expected) {
        return difference.under(.integer(BigInt(index)))
      }
    }
    if items.count == wanted.count { return nil }
    return Difference(text: "got \(items.count) items, wanted \(wanted.count)")
  }

  private func firstDifference(_ pairs: [TypedValue.Pair], _ wanted: JSONObject) -> Difference? {
    var seen = JSONObject()
    for pair in pairs {
      guard case .string(let key) = pair.key, let expected = wanted[key], seen[key] == nil else {
        return Difference(text: "the key \(pair.key.shown(limit: 40)) is not wanted")
      }
      seen[key] = true
      if let difference = firstDifference(pair.value, expected) {
        return difference.under(pair.key)
      }
    }
    guard let missing = wanted.keys.first(where: { seen[$0] == nil }) else { return nil }
    return Difference(text: "the key \(TypedValue.string(missing).shown(limit: 40)) is missing")
  }

  private func isNear(_ value: Double, _ expected: Double) -> Bool {
    guard let tolerance else { return false }
    let distance = (value - expected).magnitude
    return distance.isFinite && distance <= max(tolerance, tolerance * expected.magnitude)
  }
}
