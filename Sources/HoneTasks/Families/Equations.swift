/// Linear equations in `x` with a whole positive solution: `3x+4=19`.
///
/// | difficulty | shape | steps |
/// | --- | --- | --- |
/// | 1 | `x+4=11`, `x-4=7`, `3x=12` | 1 |
/// | 2 | `3x+4=19`, `3x-4=11` | 2 |
/// | 3 | `5x+2=2x+14` | 3 |
/// | 4 | `3(x+2)=x+16` | 4 |
public struct Equations: ProblemFamily {
  /// Makes the family.
  public init() {}

  /// `equations`.
  public var name: String { "equations" }

  /// One line for a list of families.
  public var summary: String { "linear equations with a whole solution: 3x+4=19" }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...4 }

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    while true {
      let solution = random.integer(in: 1...12)
      let left: Side
      let right: Side
      var derivation = Derivation()
      switch difficulty {
      case 1 where random.integer(in: 0...1) == 0:
        left = Side(coefficient: random.integer(in: 2...9), constant: 0)
        right = Side(coefficient: 0, constant: left.value(at: solution))
        _ = derivation.append(.given(right.constant), .divide, .given(left.coefficient))
      case 1:
        left = Side(coefficient: 1, constant: constant(&random))
        right = Side(coefficient: 0, constant: left.value(at: solution))
        _ = isolate(right, left, in: &derivation)
      case 2:
        left = Side(coefficient: random.integer(in: 2...9), constant: constant(&random))
        right = Side(coefficient: 0, constant: left.value(at: solution))
        let product = isolate(right, left, in: &derivation)
        _ = derivation.append(product, .divide, .given(left.coefficient))
      default:
        (left, right) = twoSided(
          solution: solution, isFactored: difficulty == 4, random: &random, in: &derivation)
      }
      guard right.constant >= 0, derivation.rendered()?.result == solution else { continue }
      return ProblemInstance(
        question: "\(left.text)=\(right.text)", key: Self.key(left, right),
        derivation: derivation, random: &random)
    }
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    var reader = QuestionReader(question)
    guard let left = Side(&reader), reader.take("="), let right = Side(&reader), reader.isAtEnd
    else { return nil }
    return Self.key(left, right)
  }

  private func constant(_ random: inout TaskRandom) -> Int {
    let size = random.integer(in: 1...20)
    return random.integer(in: 0...1) == 0 ? size : -size
  }

  /// The step that takes the left constant to the right side.
  private func isolate(
    _ right: Side, _ left: Side, in derivation: inout Derivation
  ) -> Derivation.Operand {
    derivation.append(
      .given(right.constant), left.constant > 0 ? .subtract : .add, .given(abs(left.constant)))
  }

  /// `ax + b = cx + d` or `a(x + b) = cx + d` with a > c.
  private func twoSided(
    solution: Int, isFactored: Bool, random: inout TaskRandom, in derivation: inout Derivation
  ) -> (Side, Side) {
    let coefficient = random.integer(in: 2...9)
    var left = Side(coefficient: coefficient, constant: random.integer(in: 1...9))
    left.isFactored = isFactored
    var right = Side(coefficient: random.integer(in: 1...(coefficient - 1)), constant: 0)
    right.constant = left.value(at: solution) - right.value(at: solution)
    var moved = Derivation.Operand.given(left.constant)
    if isFactored {
      moved = derivation.append(.given(left.coefficient), .multiply, .given(left.constant))
    }
    let factor = derivation.append(
      .given(left.coefficient), .subtract, .given(right.coefficient))
    let product = derivation.append(.given(right.constant), .subtract, moved)
    _ = derivation.append(product, .divide, factor)
    return (left, right)
  }

  // MARK: - One side

  /// `ax + b`, or `a(x + b)` when factored.
  private struct Side {
    var coefficient: Int
    var constant: Int
    var isFactored = false

    init(coefficient: Int, constant: Int) {
      self.coefficient = coefficient
      self.constant = constant
    }

    func value(at x: Int) -> Int {
      isFactored ? coefficient * (x + constant) : coefficient * x + constant
    }

    var text: String {
      guard coefficient != 0 else { return String(constant) }
      let factor = coefficient == 1 ? "" : String(coefficient)
      let tail = constant == 0 ? "" : constant > 0 ? "+\(constant)" : "\(constant)"
      return isFactored ? "\(factor)(x\(tail))" : "\(factor)x\(tail)"
    }

    /// Multiplied out, as `a b`.
    var canonical: String { "\(coefficient) \(isFactored ? coefficient * constant : constant)" }

    /// Reads what ``text`` writes.
    init?(_ reader: inout QuestionReader) {
      let first = reader.number()
      let isFactored = reader.take("(")
      guard reader.take("x") else {
        guard let first, !isFactored else { return nil }
        self.init(coefficient: 0, constant: first)
        return
      }
      self.init(coefficient: first ?? 1, constant: 0)
      self.isFactored = isFactored
      let isPositive = reader.take("+")
      if isPositive || reader.take("-") {
        guard let size = reader.number() else { return nil }
        constant = isPositive ? size : -size
      }
      if isFactored, !reader.take(")") { return nil }
    }
  }

  private static func key(_ left: Side, _ right: Side) -> String {
    "equations " + [left.canonical, right.canonical].sorted().joined(separator: " = ")
  }
}
