/// A number as it is written: its exact value and what the notation tells beside it.
package struct NumberLiteral: Sendable, Equatable {
  /// The exact value.
  var value: Rational
  /// Digits behind the decimal point, or nil for a whole number or a repeating decimal.
  ///
  /// Trailing zeros count: 1.50 claims two decimals. Scientific notation moves them.
  var decimals: Int?
  /// Digits from the first that is not zero to the last one written.
  var significantDigits = 0
  /// The digits as written, of a plain whole number; for base-n numbers and `\frac12`.
  var digits: String?

  init(_ value: Rational) {
    self.value = value
  }

  init(_ value: Int) {
    self.value = Rational(value)
  }
}
