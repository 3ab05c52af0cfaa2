/// A function that is understood, or a name that stands for an unknown one.
package enum Function: Sendable, Hashable {
  // Roots and logarithms: `root` takes radicand and index, `log` takes argument and base.
  case root, log
  case sin, cos, tan, cot, sec, csc
  case arcsin, arccos, arctan, arccot, arcsec, arccsc
  case sinh, cosh, tanh, coth, sech, csch
  case arsinh, arcosh, artanh
  case absolute, floor, ceiling, sign
  case factorial, doubleFactorial, binomial, permutations
  case gcd, lcm, maximum, minimum, modulo
  case realPart, imaginaryPart, conjugate, argument, cis
  /// Degrees as an angle.
  case degrees
  /// A percent sign behind its argument.
  case percent
  /// A rate of change: what changes, then with respect to what.
  case derivative
  /// An unknown function such as `f`; equal names of equal arguments are equal.
  case named(String)

  /// Functions by the names of LaTeX and of plain text.
  static let names: [String: Function] = [
    "sin": .sin, "cos": .cos, "tan": .tan, "cot": .cot, "sec": .sec, "csc": .csc, "tg": .tan,
    "ctg": .cot, "cosec": .csc, "arcsin": .arcsin, "arccos": .arccos, "arctan": .arctan,
    "arccot": .arccot, "arcsec": .arcsec, "arccsc": .arccsc, "asin": .arcsin, "acos": .arccos,
    "atan": .arctan, "arctg": .arctan, "sinh": .sinh, "cosh": .cosh, "tanh": .tanh, "coth": .coth,
    "sech": .sech, "csch": .csch, "arsinh": .arsinh, "arcosh": .arcosh, "artanh": .artanh,
    "arcsinh": .arsinh, "arccosh": .arcosh, "arctanh": .artanh, "asinh": .arsinh,
    "acosh": .arcosh, "atanh": .artanh, "abs": .absolute, "floor": .floor, "ceil": .ceiling,
    "ceiling": .ceiling, "sgn": .sign, "sign": .sign, "gcd": .gcd, "GCD": .gcd, "lcm": .lcm,
    "LCM": .lcm, "max": .maximum, "min": .minimum, "Re": .realPart, "Im": .imaginaryPart,
    "arg": .argument, "Arg": .argument, "cis": .cis, "binomial": .binomial, "factorial": .factorial,
    "conj": .conjugate, "det": .named("det"), "erf": .named("erf"),
  ]

  /// The inverse, as `\sin^{-1}` means it.
  var inverse: Function? {
    switch self {
    case .sin: .arcsin
    case .cos: .arccos
    case .tan: .arctan
    case .cot: .arccot
    case .sec: .arcsec
    case .csc: .arccsc
    case .sinh: .arsinh
    case .cosh: .arcosh
    case .tanh: .artanh
    default: nil
    }
  }
}
