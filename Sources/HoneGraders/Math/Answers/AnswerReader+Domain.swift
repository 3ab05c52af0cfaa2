extension AnswerReader {
  /// `x \in \mathbb{Z}` as a member of a list: the numbers that a variable of the others runs through.
  struct Domain: Equatable {
    var variable: String
    var numbers: Constant
    /// Its place in the list.
    var index: Int
  }

  /// The first member of a list that only says what a variable of another one may be.
  static func domain(of members: [Expression]) -> Domain? {
    for (index, member) in members.enumerated() {
      guard case .relation(let sides, [.member]) = member, sides.count == 2,
        let name = sides[0].variableName, case .constant(let numbers) = sides[1], numbers.isSet,
        numbers != .emptySet,
        members.indices.contains(where: { $0 != index && members[$0].mentions(name) })
      else { continue }
      return Domain(variable: name, numbers: numbers, index: index)
    }
    return nil
  }

  /// The range of a parameter that the answer names beside it: the integers in `2k+1, k \in \mathbb{Z}`.
  static func parameterRange(of expression: Expression?) -> Constant? {
    guard case .list(let members, _)? = expression else { return nil }
    return domain(of: members)?.numbers
  }

  /// A list with such a member: a condition becomes a set of whole numbers, and what a parameter
  /// runs through goes without saying.
  ///
  /// Nil where there is none.
  func restricted(
    _ members: [Expression], _ separators: [Separator]
  ) throws(MathTrouble) -> Answer? {
    guard let domain = Self.domain(of: members), !separators.contains(.or) else { return nil }
    var (rest, between) = (members, separators)
    rest.remove(at: domain.index)
    between.remove(at: max(0, domain.index - 1))
    let value = rest.count == 1 ? try answer(rest[0]) : try list(rest, between)
    guard case .realSet(let set, let name?) = value, name == domain.variable else {
      // `x = 2\pi n, n \in \mathbb{Z}`
      return domain.numbers == .reals || rest.count == 1 && domain.isWhole ? value : nil
    }
    if domain.numbers == .reals { return value }
    return .wholeSet(try whole(set, domain.numbers), variable: name)
  }

  /// The integers or natural numbers of a set.
  func whole(_ set: RealSet, _ numbers: Constant) throws(MathTrouble) -> WholeSet {
    guard numbers == .integers || numbers == .naturals else {
      throw .unreadable("a set of other numbers than the reals or integers")
    }
    let whole = try WholeSet(of: set, meter: meter)
    guard numbers == .integers || whole.isPositive else {
      throw .unreadable("natural numbers that may begin with zero or one")
    }
    return whole
  }
}

extension AnswerReader.Domain {
  var isWhole: Bool { numbers == .integers || numbers == .naturals }
}
