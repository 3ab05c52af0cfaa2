/// What an answer says, whatever its notation: LaTeX, plain text or Unicode.
///
/// The tree is shallow: sums, products, lists and chains of relations are flat, so that its depth
/// is the nesting of the brackets in the text, which ``MathLimits/nesting`` bounds.
package indirect enum Expression: Sendable, Equatable {
  // MARK: Values
  case number(NumberLiteral)
  /// A variable with its subscript and accents: `x`, `x_{12}`, `alpha`, `vec v`.
  case symbol(String)
  case constant(Constant)
  case sum([Expression])
  /// Divisors are powers with exponent -1.
  case product([Expression])
  case power(Expression, Expression)
  case apply(Function, [Expression])
  /// The two values `x` and `-x`; `isLinked` where a `\mp` ties all signs of the answer together.
  case plusMinus(Expression, startsNegative: Bool)
  /// `\sum`, `\prod`, `\int` and `\lim`.
  case bound(Binder, variable: String, lower: Expression, upper: Expression, body: Expression)
  /// A unit behind a number, as a factor of the product.
  case unit(UnitExpression)

  // MARK: Structures
  /// Members between commas, `or`, `and`; at the top level or in brackets.
  case list([Expression], [Separator])
  /// Something in brackets that are not just grouping: `(1,2)`, `[1,2)`, `\{1,2\}`.
  case bracketed(open: Bracket, [Expression], close: Bracket)
  /// `a < b = c`: one relation between each two neighbours.
  case relation([Expression], [Relation])
  /// `a \equiv b \pmod m`.
  case congruence(Expression, Expression, modulus: Expression)
  case setOperation(SetOperation, [Expression])
  /// `\{x \mid condition\}`.
  case setBuilder(Expression, condition: Expression)
  case matrix([[Expression]], MatrixStyle)
  case ratio([Expression])
  case text(String)

  /// A whole number.
  static func integer(_ value: Int) -> Expression { .number(NumberLiteral(value)) }

  /// The negated expression; numbers stay numbers.
  var negated: Expression {
    switch self {
    case .number(var literal):
      literal.value = -literal.value
      literal.digits = nil
      return .number(literal)
    case .product(let factors): return .product([.integer(-1)] + factors)
    default: return .product([.integer(-1), self])
    }
  }

  /// One over the expression.
  var reciprocal: Expression { .power(self, .integer(-1)) }
}

/// A number with a name.
package enum Constant: Sendable, Hashable {
  case pi
  case euler
  case imaginaryUnit
  case infinity
  /// `\mathbb{R}` and its kin, and the empty set.
  case reals, integers, naturals, rationals, complexes, emptySet
}

/// What binds a variable over a range.
package enum Binder: Sendable, Hashable {
  case sum, product, integral, limit
}

/// What stands between two members of a list.
package enum Separator: Sendable, Hashable {
  case comma, semicolon, or, and, newline
}

/// A bracket of one side.
package enum Bracket: Sendable, Hashable {
  case round, square, brace, angle
}

/// How a matrix is written; bars make a determinant.
package enum MatrixStyle: Sendable, Hashable {
  case brackets, bars, cases
}

/// An operation on sets.
package enum SetOperation: Sendable, Hashable {
  case union, intersection, difference
}

/// A relation between two expressions.
package enum Relation: Sendable, Hashable {
  case equal, notEqual, less, lessEqual, greater, greaterEqual, approximately, member, congruent

  /// The relation read from right to left.
  var flipped: Relation {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    default: self
    }
  }

  /// Whether this orders its two sides.
  var isOrder: Bool {
    switch self {
    case .less, .lessEqual, .greater, .greaterEqual: true
    default: false
    }
  }
}
