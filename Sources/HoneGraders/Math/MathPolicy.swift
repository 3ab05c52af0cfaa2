/// What counts as the same answer, where reasonable people differ.
///
/// | policy | reads | differs from `strict` by |
/// | --- | --- | --- |
/// | `strict` | competition answers | |
/// | `gsm8k` | amounts in word problems | any noun may follow a number; a currency sign never matters |
/// | `math500` | the answers of MATH | an answer may leave out a degree sign or a choice's brackets (as `strict` does too) |
/// | `minerva` | physics and engineering | a number within 1 % of a decimal reference |
///
/// The policy is a value that a run records; nothing is guessed from the data.
public enum MathPolicy: String, Sendable, Hashable, CaseIterable {
  /// Exact, except that a decimal may stand for an exact value to six significant digits.
  case strict
  /// The answers of MATH-500; at present the same rules as ``strict``.
  case math500
  /// Whole numbers and amounts, with or without the thing that is counted.
  case gsm8k
  /// Numbers of measurement: one percent of the reference where that is a decimal.
  case minerva

  /// Whether any noun may follow a number, rather than known units only.
  var allowsAnyNoun: Bool { self == .gsm8k }

  /// Whether two different currency signs make two different answers.
  var comparesCurrency: Bool { self != .gsm8k }

  /// The allowed relative error against a decimal reference, as one part in so many; or nil.
  var measurementTolerance: Int? { self == .minerva ? 100 : nil }
}
