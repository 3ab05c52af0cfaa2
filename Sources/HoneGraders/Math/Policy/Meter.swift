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
  private var left: Int

  init(_ limits: MathLimits) {
    self.limits = limits
    left = limits.steps
  }

  /// Charges steps; an operation on numbers of many bits is several.
  func spend(_ steps: Int) throws(MathTrouble) {
    left -= steps
    if left < 0 { throw .limit("steps") }
  }

  /// Charges the common divisors that arithmetic on two fractions takes beside the products.
  func spendDivisors(_ first: Rational, _ second: Rational) throws(MathTrouble) {
    let bits = min(first.bits, second.bits)
    if bits > 64, !first.isInteger || !second.isInteger { try spend(bits * 4) }
  }

  /// Charges the product of two numbers of so many bits.
  func spendProduct(_ first: Int, _ second: Int) throws(MathTrouble) {
    try spend(4 + (first >> 6) * (second >> 6) / 4)
  }
}
