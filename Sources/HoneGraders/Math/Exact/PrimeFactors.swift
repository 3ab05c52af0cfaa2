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
    try meter.spend(primes.count * (2 + number.bitWidth / 64))
    var rest = number
    for prime in primes {
      var power = 0
      while true {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: BigInt(prime))
        guard remainder == 0 else { break }
        try meter.spend(2 + rest.bitWidth / 64)
        rest = quotient
        power += 1
      }
      if power > 0 { factors.append(Factor(base: Rational(prime), power: power, isPrime: true)) }
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
