extension AnswerReader {
  /// Unions, intersections and differences: of finite sets by their members, of real sets exactly.
  func setOperation(
    _ operation: SetOperation, _ members: [Expression]
  ) throws(MathTrouble) -> Answer {
    let parts = try answers(members)
    if let finite = try finite(operation, parts) { return finite }
    let order = ScalarOrder(meter: meter)
    var result: RealSet?
    for part in parts {
      guard let set = realSet(part) else {
        throw .unreadable("a set operation on \(part.kind)")
      }
      guard let known = result else {
        result = set
        continue
      }
      switch operation {
      case .union: result = RealSet(pieces: known.pieces + set.pieces)
      case .intersection: result = try order.intersection(known, set)
      case .difference: result = try order.intersection(known, try order.complement(set))
      }
    }
    return .realSet(result ?? .all, variable: nil)
  }

  /// The real set that an answer is, or nil.
  func realSet(_ answer: Answer) -> RealSet? {
    switch answer {
    case .realSet(let set, _): return set
    case .namedSet(.emptySet): return RealSet(pieces: [])
    case .tuple(let ends, let open, let close):
      return interval(ends, open, close).map { RealSet(pieces: [$0]) }
    case .collection(let members, isBraced: true):
      var pieces: [RealSet.Piece] = []
      for member in members {
        guard case .quantity(let quantity) = member, quantity.unit == nil else { return nil }
        pieces.append(RealSet.point(quantity.value))
      }
      return RealSet(pieces: pieces)
    default: return nil
    }
  }

  /// An operation on finite sets alone.
  private func finite(_ operation: SetOperation, _ parts: [Answer]) throws(MathTrouble) -> Answer? {
    var sets: [[Answer]] = []
    for part in parts {
      switch part {
      case .collection(let members, isBraced: true): sets.append(members)
      case .namedSet(.emptySet): sets.append([])
      default: return nil
      }
    }
    let order = ScalarOrder(meter: meter)
    var result = sets[0]
    for set in sets.dropFirst() {
      switch operation {
      case .union: result += set
      case .intersection:
        result = try result.filterMembers { (member) throws(MathTrouble) in
          try order.contains(set, member)
        }
      case .difference:
        result = try result.filterMembers { (member) throws(MathTrouble) in
          try !order.contains(set, member)
        }
      }
    }
    return result.isEmpty ? .namedSet(.emptySet) : .collection(result, isBraced: true)
  }

  /// `\{x \mid 2 \le x < 7\}`, `\{x \in \mathbb{R} : x \ne 3\}`.
  func setBuilder(_ element: Expression, _ condition: Expression) throws(MathTrouble) -> Answer {
    var variable = element.variableName
    var numbers = Constant.reals
    if case .relation(let members, [.member]) = element {
      guard case .constant(let named) = members[1], named.isSet, named != .emptySet else {
        throw .unreadable("a set of other numbers than the reals or integers")
      }
      variable = members[0].variableName
      numbers = named
    }
    guard let variable else { throw .unreadable("a set without a variable") }
    switch try answer(condition) {
    case .realSet(let set, let name) where name == variable:
      if numbers == .reals { return .realSet(set, variable: nil) }
      return .wholeSet(try whole(set, numbers), variable: nil)
    case .wholeSet(let set, let name) where name == variable && numbers != .rationals:
      return .wholeSet(set, variable: nil)
    default: throw .unreadable("a condition that is not solved for \(variable)")
    }
  }
}

extension Array where Element == Answer {
  fileprivate func filterMembers(
    _ condition: (Answer) throws(MathTrouble) -> Bool
  ) throws(MathTrouble) -> [Answer] {
    var kept: [Answer] = []
    for member in self where try condition(member) { kept.append(member) }
    return kept
  }
}

extension RealSet {
  /// Whether this is all numbers but one: what `x \ne 3` says.
  var isComplementOfPoint: Bool {
    pieces.count == 2 && pieces[0].low.value == nil && pieces[1].high.value == nil
      && pieces[0].high.value == pieces[1].low.value && pieces[0].high.value != nil
      && !pieces[0].high.isClosed && !pieces[1].low.isClosed
  }

  /// Whether this has one end.
  var isHalfLine: Bool {
    pieces.count == 1 && (pieces[0].low.value == nil) != (pieces[0].high.value == nil)
  }
}
