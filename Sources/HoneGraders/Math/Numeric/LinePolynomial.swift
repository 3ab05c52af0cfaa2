import BigInt
import Foundation

/// A polynomial in one variable, and the places where it may change its sign.
struct LinePolynomial {
  /// By ascending powers; the last one is not zero.
  let coefficients: [Rational]

  /// Highest power that is looked at.
  static let largestDegree = 12

  init(_ coefficients: [Rational]) {
    var kept = coefficients
    while kept.last?.isZero == true { kept.removeLast() }
    self.coefficients = kept
  }

  var degree: Int { coefficients.count - 1 }

  /// Values among which all real zeros are, as far as doubles tell them apart, in order; nil where
  /// the coefficients are beyond doubles.
  ///
  /// Zeros of the derivatives are among them too: between two neighbours the polynomial is monotone
  /// and a change of sign is found by bisection, while a zero that it only touches is one of the
  /// derivative. Zeros of linear polynomials are exact.
  var places: [Rational]? {
    guard degree >= 1 else { return [] }
    if degree == 1 {
      return (-coefficients[0] / coefficients[1]).map { [$0] } ?? []
    }
    let slope = LinePolynomial(
      coefficients.enumerated().dropFirst().map { $0.element * Rational($0.offset) })
    guard let stationary = slope.places else { return nil }
    var numbers: [Double] = []
    for coefficient in coefficients {
      guard let number = coefficient.approximation else { return nil }
      numbers.append(number)
    }
    guard let last = numbers.last, last != 0 else { return nil }
    // Every zero is smaller in size than one plus the largest ratio.
    let bound = 2 + (numbers.dropLast().map { abs($0 / last) }.max() ?? 0)
    guard bound < 1e150 else { return nil }
    func value(_ x: Double) -> Double { numbers.reversed().reduce(0) { $0 * x + $1 } }
    let inner = stationary.compactMap(\.approximation)
    var found = stationary
    for (start, end) in zip([-bound] + inner, inner + [bound]) where start < end {
      var (low, high) = (start, end)
      let sign = value(low)
      guard sign * value(high) < 0 else { continue }
      for _ in 0..<100 {
        let middle = (low + high) / 2
        guard middle > low, middle < high else { break }
        if (value(middle) < 0) == (sign < 0) { low = middle } else { high = middle }
      }
      if let zero = exactZero(near: low) ?? Rational(near: low) { found.append(zero) }
    }
    return found.sorted()
  }

  /// A zero with a small denominator close by, so that the place itself can be looked at.
  private func exactZero(near place: Double) -> Rational? {
    guard abs(place) < 1e9 else { return nil }
    for denominator in 1...12 {
      let candidate = Rational(Int((place * Double(denominator)).rounded()), denominator)
      let distance = candidate.approximation.map { abs($0 - place) } ?? 1
      // Exact arithmetic once, where doubles see no difference.
      guard distance <= 1e-9 * max(1, abs(place)) else { continue }
      return value(at: candidate).isZero ? candidate : nil
    }
    return nil
  }

  private func value(at x: Rational) -> Rational {
    coefficients.reversed().reduce(.zero) { $0 * x + $1 }
  }
}

extension Rational {
  /// The nearest double, or nil beyond its range.
  var approximation: Double? {
    if let words { return Double(words.numerator) / Double(words.denominator) }
    let (top, bottom) = (numerator, denominator)
    let shift = max(0, max(top.bitWidth, bottom.bitWidth) - 900)
    let (above, below) = (Double(top >> shift), Double(bottom >> shift))
    let ratio = above / below
    return ratio.isFinite && below > 0 && (ratio != 0 || top == 0) ? ratio : nil
  }

  /// The value of a double, exactly, or nil for what is no number or far too large.
  init?(near value: Double) {
    guard value.isFinite, abs(value) < 1e18 else { return nil }
    let scale = abs(value) < 1e3 ? 0x1p50 : 1024
    let scaled = (value * scale).rounded()
    guard abs(scaled) < 0x1p62 else {
      self.init(Int(value))
      return
    }
    self.init(Int(scaled), Int(scale))
  }
}
