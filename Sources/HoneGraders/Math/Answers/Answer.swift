/// What an answer is: the reference's kind decides what a prediction must be.
indirect enum Answer: Sendable {
  /// One value, with its unit.
  case quantity(Quantity)
  /// Members in order, in the brackets they are written in.
  case tuple([Answer], open: Bracket, close: Bracket)
  /// Members whose order does not matter: in braces, or listed without brackets.
  case collection([Answer], isBraced: Bool)
  /// Values with names: `a = 4, b = 7`.
  case record([(label: Label, value: Answer)])
  /// A value with a name: `x = 5`, `f(x) = 3x + 2`.
  case labelled(Label, Answer)
  /// A set of real numbers: intervals, or a solved inequality in a variable.
  case realSet(RealSet, variable: String?)
  /// The whole numbers that meet a condition.
  case wholeSet(WholeSet, variable: String?)
  /// A well-known set: the integers, the empty set.
  case namedSet(Constant)
  /// An equation or inequality that is not solved.
  case relation([Expression], [Relation])
  case congruence(Expression, Expression, modulus: Expression)
  case matrix([[Expression]], MatrixStyle)
  case ratio([Expression])
  /// Words, in a uniform spelling.
  case text(TextAnswer)

  /// Whether this is a set, so that braces around it make another one.
  var isSet: Bool {
    switch self {
    case .collection, .realSet, .wholeSet, .namedSet: true
    default: false
    }
  }

  /// Whether this is a set of whole numbers by a condition.
  var isWholeSet: Bool { if case .wholeSet = self { true } else { false } }

  /// What is compared with what, for reasons.
  var kind: String {
    switch self {
    case .quantity(let quantity): quantity.unit == nil ? "a value" : "a quantity"
    case .tuple(let members, _, _): "a tuple of \(members.count)"
    case .collection(let members, _):
      members.count == 1 ? "a single answer" : "\(members.count) answers"
    case .record(let entries): "\(entries.count) named values"
    case .labelled(let label, _): "a value of \(label.name)"
    case .realSet: "a set of real numbers"
    case .wholeSet: "a set of whole numbers"
    case .namedSet: "a set"
    case .relation(_, let relations):
      relations.contains { $0 != .equal } ? "an inequality" : "an equation"
    case .congruence: "a congruence"
    case .matrix: "a matrix"
    case .ratio: "a ratio"
    case .text: "text"
    }
  }
}

/// The name of a value.
struct Label: Sendable, Equatable {
  /// A variable, or the name of a function.
  var name: String
  /// The variables of a function that is defined, in order.
  var parameters: [String] = []
}

/// One value and what is written around it.
struct Quantity: Sendable {
  var expression: Expression
  var unit: UnitExpression?
  /// Whether a percent sign follows; the expression is what stands before it.
  var isPercent = false
  /// Whether a degree sign follows; the expression is what stands before it.
  var isAngle = false
  /// The number, where the value is a plain one with an optional sign or power of ten.
  var literal: NumberLiteral?

  init(_ expression: Expression) { self.expression = expression }

  /// The expression with the percent or degree sign applied.
  var value: Expression {
    if isPercent { return .apply(.percent, [expression]) }
    return isAngle ? .apply(.degrees, [expression]) : expression
  }
}

/// A set of real numbers as a list of intervals.
struct RealSet: Sendable {
  /// An end of an interval; no value stands for infinity.
  struct End: Sendable {
    var value: Expression?
    var isClosed: Bool
  }

  /// An interval; a single point is closed at both ends.
  struct Piece: Sendable {
    var low: End
    var high: End
  }

  var pieces: [Piece]

  static let all = RealSet(pieces: [
    Piece(low: End(value: nil, isClosed: false), high: End(value: nil, isClosed: false))
  ])

  /// All numbers but one.
  static func without(_ value: Expression) -> RealSet {
    let point = End(value: value, isClosed: false)
    let infinity = End(value: nil, isClosed: false)
    return RealSet(pieces: [
      Piece(low: infinity, high: point), Piece(low: point, high: infinity),
    ])
  }

  static func point(_ value: Expression) -> Piece {
    Piece(low: End(value: value, isClosed: true), high: End(value: value, isClosed: true))
  }
}
