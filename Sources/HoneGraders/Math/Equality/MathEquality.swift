/// What is known about two answers: equal, different, or neither.
///
/// An unknown prediction earns nothing, and its reason says what was not decided.
public enum MathEquality: Sendable, Hashable {
  /// The same answer, by the rule that is named.
  case equal(String)
  /// Different answers, and where they differ.
  case different(String)
  /// Not decided: a limit was reached, or no rule applies.
  case unknown(String)

  /// Whether the answers are equal.
  public var isEqual: Bool { if case .equal = self { true } else { false } }

  /// The rule or the difference.
  public var reason: String {
    switch self {
    case .equal(let reason): "equal: \(reason)"
    case .different(let reason): "different: \(reason)"
    case .unknown(let reason): "unknown: \(reason)"
    }
  }
}
