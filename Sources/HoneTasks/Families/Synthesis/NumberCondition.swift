/// A property of a number that a program asks for.
package enum NumberCondition: Sendable, Hashable {
  case even
  case odd
  case above(Int)
  case below(Int)

  /// Whether a number has the property.
  package func holds(_ x: Int) -> Bool {
    switch self {
    case .even: x.isMultiple(of: 2)
    case .odd: !x.isMultiple(of: 2)
    case .above(let k): x > k
    case .below(let k): x < k
    }
  }

  /// The expression in Python, for a variable: `x>5`.
  package func python(_ x: String) -> String {
    switch self {
    case .even: "\(x)%2==0"
    case .odd: "\(x)%2==1"
    case .above(let k): "\(x)>\(k)"
    case .below(let k): "\(x)<\(k)"
    }
  }

  /// The number in the condition, if it has one.
  package var constant: Int? {
    switch self {
    case .even, .odd: nil
    case .above(let k), .below(let k): k
    }
  }

  /// The same condition with another number; conditions without a number stay as they are.
  package func with(constant k: Int) -> NumberCondition {
    switch self {
    case .even, .odd: self
    case .above: .above(k)
    case .below: .below(k)
    }
  }
}
