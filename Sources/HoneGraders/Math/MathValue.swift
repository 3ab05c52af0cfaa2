/// What an answer says, as far as it is understood.
indirect enum MathValue: Sendable {
  /// A number, with how it was written.
  case number(MathNumber)
  /// A tuple, point or interval: the order and the brackets matter.
  case tuple(open: Character, [MathValue], close: Character)
  /// A set in braces, or several answers separated by commas: the order does not matter.
  case set([MathValue], isBraced: Bool)
  /// Anything else, as normalised text: equal to the same text only.
  case text(String)

  /// What is compared with what, for reasons: `number`, `tuple of 2`.
  var kind: String {
    switch self {
    case .number: "a number"
    case .tuple(_, let members, _): "a tuple of \(members.count)"
    case .set(let members, _): "a set of \(members.count)"
    case .text: "text"
    }
  }
}

/// A number and what its notation tells beside the value.
struct MathNumber: Sendable {
  /// The exact value that is written, before percent.
  var value: Rational
  /// Digits behind the decimal point, or nil unless the number is one plain decimal.
  var decimals: Int?
  /// Significant digits of a plain decimal.
  var significantDigits = 0
  /// Whether a percent sign follows.
  var isPercent = false
  /// The unit in a uniform spelling, or nil.
  var unit: String?
  /// The currency sign, or nil.
  var currency: Character?
  /// The symbol on the left of an equals sign, as in `x = 5`, or nil.
  var symbol: String?

  init(_ value: Rational) {
    self.value = value
  }
}
