import BigInt

/// Values of normal forms in certified arithmetic, at a point or without variables.
///
/// Over the real numbers a root or logarithm of a negative number is undefined; where the imaginary
/// unit occurs, or where there are no variables, the principal values are taken.
final class Evaluator {
  private let algebra: Algebra
  /// Values of variables.
  private let point: [String: Rational]
  private let isComplex: Bool
  private(set) var arithmetic: BallArithmetic
  private var values: [Int: ComplexBall] = [:]
  /// How many bits the smallest term or argument lies below what it is added to.
  private var hidden = 0

  /// The precision at which a difference as large as the smallest term would show at all.
  var precisionToSeeSmallest: Int? {
    hidden > 48 ? (min(hidden, 1 << 40) + 80 + 63) / 64 * 64 : nil
  }

  /// The precision at which a difference that is due to the smallest term would show, or nil where
  /// no term is that small.
  var precisionForSmallest: Int? {
    hidden > 150 ? (min(hidden, 1 << 40) + 240 + 63) / 64 * 64 : nil
  }

  /// An evaluator of values without variables.
  convenience init(_ algebra: Algebra) {
    self.init(algebra, point: [:], isComplex: true, bits: 192)
  }

  init(_ algebra: Algebra, point: [String: Rational], isComplex: Bool, bits: Int) {
    self.algebra = algebra
    self.point = point
    self.isComplex = isComplex
    arithmetic = BallArithmetic(bits: bits)
  }

  /// Changes the precision.
  func refine(to bits: Int) {
    arithmetic = BallArithmetic(bits: bits)
    values = [:]
    hidden = 0
  }

  // MARK: - Questions about constants

  /// The sign of a real constant, or nil where it is complex or not told from zero.
  func sign(of value: Quotient) throws(MathTrouble) -> Int? {
    if value.isZero { return 0 }
    if let constant = value.constant { return constant.isNegative ? -1 : 1 }
    var bits = 192
    while bits <= algebra.meter.limits.precision {
      refine(to: bits)
      let ball = try self.value(of: value)
      if let imaginary = ball.imaginary, imaginary.excludesZero { return nil }
      if ball.isReal, let sign = ball.real.sign { return sign }
      bits *= 2
    }
    return nil
  }

  /// The largest whole number not above a real constant.
  func floor(of value: Quotient) throws(MathTrouble) -> BigInt {
    var bits = 192
    while bits <= algebra.meter.limits.precision {
      refine(to: bits)
      let ball = try self.value(of: value)
      guard ball.isReal, ball.real.scale < 4096 else { break }
      if let floor = Self.floor(of: ball.real) { return floor }
      bits *= 2
    }
    throw .unsupported("a value so close to a whole number")
  }

  private static func floor(of ball: Ball) -> BigInt? {
    if let whole = ball.wholeNumber { return whole }
    guard ball.exponent < 0 else { return nil }
    if ball.scale < 0 {
      // Below one half, however small: the sign decides. Nothing is shifted by such an exponent.
      guard ball.radius < Magnitude(powerOfTwo: -2), let sign = ball.sign else { return nil }
      return sign > 0 ? 0 : -1
    }
    // Both ends of a slightly larger ball.
    let spread = max(ball.radius.exponent - ball.exponent, 0)
    guard spread < 1 << 16 else { return nil }
    let radius = BigInt(1) << spread
    let low = Rational(ball.mantissa - radius, over: BigInt(1) << -ball.exponent)
    let high = Rational(ball.mantissa + radius, over: BigInt(1) << -ball.exponent)
    return low?.floor == high?.floor ? low?.floor : nil
  }

  // MARK: - Values

  /// The value of a fraction.
  func value(of quotient: Quotient) throws(MathTrouble) -> ComplexBall {
    let top = try value(of: quotient.numerator).value
    if quotient.isPolynomial { return top }
    let bottom = try value(of: quotient.denominator).value
    guard let inverse = arithmetic.invert(bottom) else {
      throw .undefined("a division by what is not told from zero")
    }
    return arithmetic.multiply(top, inverse)
  }

  /// The value of a sum, and a bound of the sizes of its terms together.
  func value(
    of polynomial: Polynomial
  ) throws(MathTrouble) -> (value: ComplexBall, scale: Magnitude) {
    var sum = ComplexBall(.zero)
    var scale = Magnitude.zero
    var smallest = Magnitude.zero
    for term in polynomial.terms {
      try charge(2 + 2 * term.monomial.factors.count)
      var product = ComplexBall(arithmetic.ball(term.coefficient))
      hidden = max(hidden, term.coefficient.significantBits)
      for factor in term.monomial.factors {
        product = arithmetic.multiply(product, try power(factor))
      }
      sum = arithmetic.add(sum, product)
      scale = scale + product.upper
      if product.excludesZero, smallest.isZero || product.upper < smallest {
        smallest = product.upper
      }
    }
    if !smallest.isZero { hidden = max(hidden, scale.exponent - smallest.exponent) }
    return (sum, scale)
  }

  private func power(_ factor: Monomial.Factor) throws(MathTrouble) -> ComplexBall {
    var base = try value(ofAtom: factor.atom)
    if factor.exponent.isOne { return base }
    var exponent = factor.exponent
    if exponent.isNegative {
      try charge(6)
      guard let inverse = arithmetic.invert(base) else { throw .undefined("division by zero") }
      base = inverse
      exponent = -exponent
    }
    if exponent.isInteger {
      return try raised(base, exponent.numerator / exponent.denominator)
    }
    try charge(160)
    guard base.isReal, base.real.sign == 1, let (top, bottom) = exponent.words,
      let root = arithmetic.root(base.real, bottom)
    else { throw .undefined("a root of a negative number") }
    return try raised(ComplexBall(root), BigInt(top))
  }

  /// A whole power whose exponent of two stays far within a machine word.
  private func raised(_ base: ComplexBall, _ exponent: BigInt) throws(MathTrouble) -> ComplexBall {
    if base.isReal, base.real.radius.isZero, base.real.wholeNumber?.magnitude == 1 {
      return exponent % 2 == 0 ? ComplexBall(.one) : base
    }
    let scale = max(abs(base.real.scale), abs(base.imaginary?.scale ?? 0)) + arithmetic.bits
    guard exponent.bitWidth + (Int.bitWidth - scale.leadingZeroBitCount) <= 46 else {
      throw .limit("exponent")
    }
    try charge(4 * exponent.bitWidth)
    return arithmetic.power(base, exponent)
  }

  /// Charges ball operations, a multiplication being two.
  private func charge(_ operations: Int) throws(MathTrouble) {
    try algebra.meter.spend(operations * (16 + arithmetic.bits / 16))
  }

  private func value(ofAtom index: Int) throws(MathTrouble) -> ComplexBall {
    if let known = values[index] { return known }
    try charge(2)
    let value = try compute(algebra.table.atoms[index], index)
    // Towers of exponents must not run out of machine words.
    guard abs(value.real.exponent) < 1 << 48, abs(value.imaginary?.exponent ?? 0) < 1 << 48 else {
      throw .limit("exponent")
    }
    values[index] = value
    return value
  }

  private func compute(_ atom: Atom, _ index: Int) throws(MathTrouble) -> ComplexBall {
    switch atom {
    case .symbol(let name):
      guard let value = point[name] else { throw .unsupported("a value of \(name)") }
      return ComplexBall(arithmetic.ball(value))
    case .imaginaryUnit: return ComplexBall(.zero, .one)
    case .pi: return ComplexBall(try known(arithmetic.pi))
    case .euler: return ComplexBall(try known(arithmetic.euler))
    case .radical(let base, _):
      // The root of 10^400 + 1 hides the one.
      hidden = max(hidden, base.significantBits)
      return ComplexBall(arithmetic.ball(base))
    case .root(let inside, let index):
      let value = try value(of: inside)
      try charge(index == 2 && value.isReal ? 12 : value.isReal ? 160 : 400)
      if !isComplex, index % 2 == 0, value.isReal, value.real.sign == -1 {
        throw .undefined("a root of a negative number")
      }
      return try known(arithmetic.root(value, index))
    case .power(let base, let exponent): return try power(base, exponent)
    case .kept(let polynomial): return try value(of: polynomial).value
    case .series(let expression): return try series(expression)
    case .function(let function, let arguments):
      return try apply(function, arguments, index)
    }
  }

  private func known<Value>(_ value: Value?) throws(MathTrouble) -> Value {
    guard let value else { throw .unsupported("a value that the precision does not tell") }
    return value
  }

  private func power(_ base: Quotient, _ exponent: Quotient) throws(MathTrouble) -> ComplexBall {
    let power = try value(of: exponent)
    if power.isReal, let whole = power.real.wholeNumber {
      var value = try value(of: base)
      if whole < 0 { value = try known(arithmetic.invert(value)) }
      return try raised(value, BigInt(whole.magnitude))
    }
    try charge(160)
    if base.numerator.single?.coefficient.isOne == true,
      let factor = base.numerator.single?.monomial.factors.first,
      base.isPolynomial, base.numerator.single?.monomial.factors.count == 1, factor.exponent.isOne,
      algebra.table.atoms[factor.atom] == .euler
    {
      note(power)
      return try known(arithmetic.exponential(power))
    }
    let value = try value(of: base)
    if !isComplex, value.isReal, value.real.sign == -1 {
      throw .undefined("a power of a negative number")
    }
    let log = try known(arithmetic.logarithm(value))
    return try known(arithmetic.exponential(arithmetic.multiply(log, power)))
  }

  /// A sum over a range, with whole numbers for its variables.
  private func series(_ expression: Expression) throws(MathTrouble) -> ComplexBall {
    var expression = expression
    for (name, value) in point.sorted(by: { $0.key < $1.key }) {
      expression = expression.substituting(.number(NumberLiteral(value)), for: name)
    }
    let inner = Algebra(algebra.meter)
    let value = try inner.normalize(expression)
    return try Evaluator(inner, point: [:], isComplex: isComplex, bits: arithmetic.bits)
      .value(of: value)
  }

  // MARK: - Functions

  private func apply(
    _ function: Function, _ arguments: [Quotient], _ index: Int
  ) throws(MathTrouble) -> ComplexBall {
    if let value = unknown(function, index) { return value }
    guard let first = arguments.first else { throw .unsupported("a function of nothing") }
    if let rounded = try exactly(function, first) { return rounded }
    let argument = try value(of: first)
    switch function {
    case .sin, .arctan, .arcsin, .arccos, .arsinh, .artanh: note(argument)
    case .cos: note(argument, twice: true)
    default: break
    }
    switch function {
    case .log:
      try charge(argument.isReal ? 100 : 220)
      if !isComplex, argument.isReal, argument.real.sign == -1 {
        throw .undefined("a logarithm of a negative number")
      }
      return try known(arithmetic.logarithm(argument))
    case .sin, .cos:
      try charge(argument.isReal ? 80 : 190)
      return try known(circular(function, argument))
    case .absolute:
      try charge(16)
      return ComplexBall(try known(arithmetic.absolute(argument)))
    case .arcsin, .arccos, .arctan, .arsinh, .arcosh, .artanh:
      try charge(150)
      return ComplexBall(try inverse(function, argument))
    case .sign where argument.isReal && argument.real.isExactZero: return argument
    case .sign: return ComplexBall(Ball(try known(argument.real.sign)))
    case .floor, .ceiling:
      guard argument.isReal else { throw .unsupported("a complex number rounded") }
      let isCeiling = function == .ceiling
      let floor = try known(Self.floor(of: isCeiling ? -argument.real : argument.real))
      return ComplexBall(Ball(mantissa: isCeiling ? -floor : floor, exponent: 0, radius: .zero))
    case .factorial, .doubleFactorial, .gcd, .lcm, .modulo:
      return try whole(function, arguments)
    case .maximum, .minimum: return try extremum(function, arguments)
    default: throw .unsupported("\(function.plain)")
    }
  }

  /// Takes note of an argument that is so small or large that a function hides it: the cosine of
  /// 10^-200, the arc tangent of 10^200.
  private func note(_ argument: ComplexBall, twice: Bool = false) {
    guard argument.isReal, argument.real.excludesZero else { return }
    hidden = max(hidden, (twice ? 2 : 1) * min(abs(argument.real.scale), 1 << 40))
  }

  /// A rounded value or a sign where the argument is a fraction that is known exactly: on the place
  /// where it jumps.
  private func exactly(
    _ function: Function, _ argument: Quotient
  ) throws(MathTrouble) -> ComplexBall? {
    guard [.floor, .ceiling, .sign].contains(function), !point.isEmpty,
      let top = try exactly(argument.numerator), let bottom = try exactly(argument.denominator),
      let value = top / bottom
    else { return nil }
    switch function {
    case .floor: return ComplexBall(Ball(mantissa: value.floor, exponent: 0, radius: .zero))
    case .ceiling: return ComplexBall(Ball(mantissa: -(-value).floor, exponent: 0, radius: .zero))
    default: return ComplexBall(Ball(value.isZero ? 0 : value.isNegative ? -1 : 1))
    }
  }

  private func exactly(_ sum: Polynomial) throws(MathTrouble) -> Rational? {
    var result = Rational.zero
    for term in sum.terms {
      var product = term.coefficient
      for factor in term.monomial.factors {
        guard case .symbol(let name) = algebra.table.atoms[factor.atom], let value = point[name],
          let exponent = factor.exponent.integer, (0...12).contains(exponent),
          let power = value.power(exponent), power.bits < 4096
        else { return nil }
        try charge(4)
        product = product * power
      }
      result = result + product
      guard result.bits < 16_384 else { return nil }
    }
    return result
  }

  /// An unknown function's value is a number of its own, drawn from its place in the table.
  private func unknown(_ function: Function, _ index: Int) -> ComplexBall? {
    switch function {
    case .named, .derivative, .realPart, .imaginaryPart, .conjugate, .argument:
      var random = PointSource(seed: UInt64(index) &+ 0x9E37_79B9)
      return ComplexBall(arithmetic.ball(random.fraction() + .one))
    default: return nil
    }
  }

  private func circular(_ function: Function, _ argument: ComplexBall) -> ComplexBall? {
    guard let imaginary = argument.imaginary else {
      guard let (sin, cos) = arithmetic.circle(argument.real) else { return nil }
      return ComplexBall(function == .sin ? sin : cos)
    }
    // From e^{iz} and e^{-iz}.
    let turned = ComplexBall(-imaginary, argument.real)
    guard let up = arithmetic.exponential(turned), let down = arithmetic.invert(up) else {
      return nil
    }
    let value = arithmetic.add(up, function == .sin ? -down : down)
    let half = ComplexBall(value.real.shifted(by: -1), value.imaginary?.shifted(by: -1))
    guard function == .sin else { return half }
    return arithmetic.multiply(half, ComplexBall(.zero, Ball(-1)))
  }

  private func inverse(_ function: Function, _ argument: ComplexBall) throws(MathTrouble) -> Ball {
    guard argument.isReal else { throw .unsupported("an inverse function of a complex number") }
    let x = argument.real
    let square = arithmetic.multiply(x, x)
    switch function {
    case .arctan: return try known(arithmetic.arctangent(x))
    case .arcsin, .arccos:
      let rest = arithmetic.subtract(.one, square)
      var angle: Ball
      if rest.sign == 1 {
        let cosine = try known(arithmetic.squareRoot(rest))
        angle = try known(
          arithmetic.arctangent(arithmetic.multiply(x, try known(arithmetic.invert(cosine)))))
      } else if rest.isExactZero, let sign = x.sign, let pi = arithmetic.pi {
        angle = sign > 0 ? pi.shifted(by: -1) : -pi.shifted(by: -1)
      } else {
        throw .undefined("an inverse function outside its domain")
      }
      if function == .arccos {
        angle = arithmetic.subtract(try known(arithmetic.pi).shifted(by: -1), angle)
      }
      return angle
    case .artanh:
      let below = try known(arithmetic.invert(arithmetic.subtract(.one, x)))
      let ratio = arithmetic.multiply(arithmetic.add(.one, x), below)
      guard ratio.sign == 1 else { throw .undefined("an inverse function outside its domain") }
      return try known(arithmetic.logarithm(ratio)).shifted(by: -1)
    default:
      let inside = arithmetic.add(square, function == .arsinh ? .one : Ball(-1))
      guard inside.isExactZero || inside.sign == 1 else {
        throw .undefined("an inverse function outside its domain")
      }
      let sum = arithmetic.add(x, try known(arithmetic.squareRoot(inside)))
      guard sum.sign == 1 else { throw .undefined("an inverse function outside its domain") }
      return try known(arithmetic.logarithm(sum))
    }
  }

  private func whole(
    _ function: Function, _ arguments: [Quotient]
  ) throws(MathTrouble) -> ComplexBall {
    var numbers: [Quotient] = []
    for argument in arguments {
      let value = try value(of: argument)
      guard value.isReal, let whole = value.real.wholeNumber else {
        throw .undefined("\(function.plain) of what is no whole number")
      }
      numbers.append(Quotient(Rational(whole)))
    }
    let result = try algebra.apply(function, numbers)
    guard let constant = result.constant else { throw .limit("digits") }
    return ComplexBall(arithmetic.ball(constant))
  }

  private func extremum(
    _ function: Function, _ arguments: [Quotient]
  ) throws(MathTrouble) -> ComplexBall {
    var best: ComplexBall?
    for argument in arguments {
      let value = try value(of: argument)
      guard value.isReal else { throw .unsupported("the larger of complex numbers") }
      guard let known = best else {
        best = value
        continue
      }
      guard let sign = arithmetic.subtract(value.real, known.real).sign else {
        throw .unsupported("the larger of two values that are too close")
      }
      if (sign > 0) == (function == .maximum) { best = value }
    }
    return try known(best)
  }
}
