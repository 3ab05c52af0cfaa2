/// The bounds that are checked before any work is done on an answer.
///
/// Together they bound the time of one comparison to a few milliseconds, whatever is written.
/// A completion itself may be of any length: it is only scanned, once. An answer beyond a bound is
/// not judged equal to anything, and the reason names the bound.
public struct MathLimits: Sendable, Hashable {
  /// Longest answer or reference, in UTF-8 bytes.
  public var bytes: Int
  /// Deepest nesting of brackets, fractions, exponents and the like.
  public var nesting: Int
  /// Longest number, written out or as the result of a power or factorial, in decimal digits.
  public var digits: Int
  /// Largest exponent of a sum that is multiplied out; larger powers are kept as they are.
  public var exponent: Int
  /// Most terms of a polynomial; larger ones are compared by probing.
  public var terms: Int
  /// Most terms of a sum or product sign that are added one by one.
  public var iterations: Int
  /// Most different values of an answer with plus-minus signs.
  public var alternatives: Int
  /// Most members of a list, set, tuple or matrix.
  public var members: Int
  /// Points at which two expressions with variables must agree.
  public var probes: Int
  /// Bits of the arithmetic in which undecided values are compared at last.
  public var precision: Int
  /// Elementary steps of one comparison, each of some ten nanoseconds; as many once more where
  /// piecewise functions are looked at on all sides of their places.
  public var steps: Int

  /// Makes limits; the defaults are far beyond honest answers.
  public init(
    bytes: Int = 10_240, nesting: Int = 100, digits: Int = 5_000, exponent: Int = 64,
    terms: Int = 400, iterations: Int = 500, alternatives: Int = 16, members: Int = 1_000,
    probes: Int = 6, precision: Int = 1_024, steps: Int = 200_000
  ) {
    self.bytes = bytes
    self.nesting = nesting
    self.digits = digits
    self.exponent = exponent
    self.terms = terms
    self.iterations = iterations
    self.alternatives = alternatives
    self.members = members
    self.probes = probes
    self.precision = precision
    self.steps = steps
  }

  /// The default limits.
  public static let standard = MathLimits()

  /// The limits of one comparison in a vote, which makes many: a tenth of the steps.
  static let vote = MathLimits(bytes: 1_024, steps: 20_000)
}
