/// Why an answer, or a step of a comparison, came to no result.
enum MathTrouble: Error, Hashable, CustomStringConvertible {
  /// A bound of ``MathLimits``, by name.
  case limit(String)
  /// The text is no mathematics that is understood.
  case unreadable(String)
  /// The expression has no value: a division by zero, a logarithm of zero.
  case undefined(String)
  /// The value exists but is beyond what is computed here.
  case unsupported(String)

  var description: String {
    switch self {
    case .limit(let name): "beyond the limit of \(name)"
    case .unreadable(let what): what
    case .undefined(let what): "undefined: \(what)"
    case .unsupported(let what): "not computed: \(what)"
    }
  }
}

/// Counts the work of one comparison, so that it ends after a bounded number of steps.
///
/// Steps are charged before the work they stand for. The count is a function of the two answers
/// alone, never of time, so that a verdict is the same on every machine.
final class Meter {
  let limits: MathLimits
  private(set) var left: Int
  private var isExtended = false

  init(_ limits: MathLimits) {
    self.limits = limits
    left = limits.steps
  }

  /// Charges steps; an operation on numbers of many bits is several.
  func spend(_ steps: Int) throws(MathTrouble) {
    left -= steps
    if left < 0 { throw .limit("steps") }
  }

  /// Allows as many steps once more, once: for the many points that piecewise functions need.
  func extend() {
    guard !isExtended else { return }
    isExtended = true
    left += limits.steps
  }

  /// Charges the common divisors that arithmetic on two fractions takes beside the products.
  ///
  /// Those of small numbers are taken in machine words, those of very large ones never.
  func spendDivisors(_ first: Rational, _ second: Rational) throws(MathTrouble) {
    let bits = first.bits + second.bits
    guard bits > 128, !first.isWhole || !second.isWhole else { return }
    try spend(10 + min(bits, 2 * Rational.reducedBits) / 2)
  }

  /// Charges the sum of two numbers.
  func spendSum(_ first: Rational, _ second: Rational) throws(MathTrouble) {
    guard first.bits + second.bits > 128 else { return }
    guard !first.isWhole || !second.isWhole else {
      return try spend(5 + (first.bits + second.bits) >> 9)
    }
    // Numerators times the other's denominator, and the product of the denominators.
    for _ in 0..<3 { try spendProduct(first.bits / 2, second.bits / 2) }
    try spendDivisors(first, second)
  }

  /// Charges the product of two numbers of so many bits.
  func spendProduct(_ first: Int, _ second: Int) throws(MathTrouble) {
    try spend(6 + (first >> 6) * (second >> 6) / 2 + (first + second) >> 9)
  }
}
