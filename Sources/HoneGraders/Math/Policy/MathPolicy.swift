/// What counts as the same answer, where reasonable people differ.
///
/// A policy is a value that a run records: nothing is guessed from the data. ``strict`` holds the
/// defaults; the other presets differ from it where their doc comments say. Every field can be set
/// by itself:
///
/// ```swift
/// var policy = MathPolicy.strict
/// policy.percentSignIsOptional = false
/// ```
public struct MathPolicy: Sendable, Hashable {
  /// How a decimal stands for an exact value.
  public struct Decimals: Sendable, Hashable {
    /// Fewest significant digits of a decimal that stands for an exact value that no decimal of
    /// its length writes, such as 0.666667 for 2/3; nil forbids it.
    public var significantDigits: Int?
    /// Largest relative error of such a decimal, as one part in so many.
    public var oneIn: Int
    /// Fewest decimals of a reference that is taken for rounded, so that every more precise value
    /// that rounds to it is equal: 50/3 for 16.67; nil forbids it.
    public var roundedReferenceDecimals: Int?

    /// Makes a rule; the defaults are 6 digits, one part in a million, 2 decimals.
    public init(
      significantDigits: Int? = 6, oneIn: Int = 1_000_000, roundedReferenceDecimals: Int? = 2
    ) {
      self.significantDigits = significantDigits
      self.oneIn = oneIn
      self.roundedReferenceDecimals = roundedReferenceDecimals
    }
  }

  /// The name under which rows and recipes ask for the policy.
  public var name: String
  /// How decimals stand for exact values.
  public var decimals: Decimals = Decimals()
  /// The relative error allowed against a decimal reference, as one part in so many; nil for none.
  ///
  /// Whole numbers never have one, unless they are written with an exponent.
  public var measurementOneIn: Int?
  /// Whether 28 and 28 % are equal.
  ///
  /// Never for references below one, where the two readings are too easily confused. 0.28 and 28 % are always equal.
  public var percentSignIsOptional: Bool = true
  /// Whether a unit may be left out of, or added to, the answer.
  ///
  /// Units that are present on both
  /// sides are always converted and compared.
  public var unitIsOptional: Bool = true
  /// Whether any word may follow a number as what is counted: `18 eggs`.
  public var allowsAnyNoun: Bool = false
  /// Whether two different currencies make two different answers.
  public var comparesCurrency: Bool = true
  /// Whether `1,234` is one number; false reads a list.
  ///
  /// Inside brackets it is always a list.
  public var groupsThousands: Bool = true
  /// Whether a list without brackets, in the right order, may stand for a tuple.
  public var bareListIsTuple: Bool = true
  /// Whether values that agree to more than 60 digits wherever they are compared are equal though
  /// no exact rule proves it.
  public var acceptsNumericEquality: Bool = true
  /// The units that are known.
  public var units: UnitTable = .standard
  /// Where the answer is looked for in a response.
  public var extraction: ExtractionPolicy = .standard

  /// Makes a policy with the defaults of ``strict``.
  public init(name: String) { self.name = name }

  /// Competition answers: exact, with the tolerances of ``Decimals``.
  public static let strict = MathPolicy(name: "strict")

  /// The answers of MATH and MATH-500: the defaults, which their conventions shaped.
  public static let math500 = MathPolicy(name: "math500")

  /// Amounts in word problems: any noun may follow a number and currencies do not matter.
  public static let gsm8k: MathPolicy = {
    var policy = MathPolicy(name: "gsm8k")
    policy.allowsAnyNoun = true
    policy.comparesCurrency = false
    return policy
  }()

  /// Physics and engineering: one percent of a reference that is a decimal.
  public static let minerva: MathPolicy = {
    var policy = MathPolicy(name: "minerva")
    policy.measurementOneIn = 100
    return policy
  }()

  /// The presets, in the order in which they are listed.
  public static let presets: [MathPolicy] = [strict, math500, gsm8k, minerva]

  /// The preset of a name, or nil.
  public static func preset(_ name: String) -> MathPolicy? { presets.first { $0.name == name } }
}
