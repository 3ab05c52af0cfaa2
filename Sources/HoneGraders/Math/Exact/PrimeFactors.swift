import BigInt

/// Whole numbers split into prime powers, as far as small primes go.
enum PrimeFactors {
  /// A factor and its power.
  struct Factor {
    var base: Rational
    var power: Int
    var isPrime: Bool
  }

  private static let primes: [Int] = {
    var sieve = [Bool](repeating: true, count: 2000)
    var primes: [Int] = []
    for candidate in 2..<sieve.count where sieve[candidate] {
      primes.append(candidate)
      for multiple in stride(from: candidate * candidate, to: sieve.count, by: candidate) {
        sieve[multiple] = false
      }
    }
    return primes
  }()

  /// The primes in groups whose products fit a machine word: one division of a large number tells
  /// about a whole group.
  private static let groups: [(product: BigInt, primes: ArraySlice<Int>)] = {
    var groups: [(product: BigInt, primes: ArraySlice<Int>)] = []
    var start = 0
    var product = 1
    for (index, prime) in primes.enumerated() {
      let (next, overflow) = product.multipliedReportingOverflow(by: prime)
      if overflow {
        groups.append((BigInt(product), primes[start..<index]))
        (start, product) = (index, prime)
      } else {
        product = next
      }
    }
    groups.append((BigInt(product), primes[start...]))
    return groups
  }()

  /// The factors of a positive whole number.
  ///
  /// What is left after division by all primes below 2000 is a prime where it is below four
  /// million, a perfect square or cube where it is one, and else a factor that may be composite.
  static func of(_ number: BigInt, meter: Meter) throws(MathTrouble) -> [Factor] {
    var factors: [Factor] = []
    if var rest = Int(exactly: number) {
      for prime in primes {
        if prime * prime > rest { break }
        var power = 0
        while rest % prime == 0 {
          rest /= prime
          power += 1
        }
        if power > 0 { factors.append(Factor(base: Rational(prime), power: power, isPrime: true)) }
      }
      try meter.spend(100)
      if rest > 1 { factors.append(contentsOf: remainder(BigInt(rest), rest < 4_000_000)) }
      return factors
    }
    try meter.spend(groups.count * (12 + number.bitWidth / 64))
    var rest = number
    for group in groups {
      let residue = Int(truncatingIfNeeded: number % group.product)
      for prime in group.primes where residue % prime == 0 {
        let divisor = BigInt(prime)
        var power = 0
        while true {
          try meter.spend(16 + rest.bitWidth / 64)
          let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: divisor)
          guard remainder.isZero else { break }
          rest = quotient
          power += 1
        }
        factors.append(Factor(base: Rational(prime), power: power, isPrime: true))
      }
    }
    if rest > 1 {
      try meter.spendProduct(rest.bitWidth * 8, rest.bitWidth * 8)
      factors.append(contentsOf: remainder(rest, rest < 4_000_000))
    }
    return factors
  }

  private static func remainder(_ rest: BigInt, _ isPrime: Bool) -> [Factor] {
    if !isPrime, rest.bitWidth < 4096 {
      let root = rest.magnitude.squareRoot()
      if root * root == rest.magnitude {
        return [Factor(base: Rational(BigInt(root)), power: 2, isPrime: root < 4_000_000)]
      }
    }
    return [Factor(base: Rational(rest), power: 1, isPrime: isPrime)]
  }
}
