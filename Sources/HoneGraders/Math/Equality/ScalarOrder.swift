/// Order and equality of constants, and the algebra of real sets that rests on them.
struct ScalarOrder {
  let meter: Meter

  /// The sign of the difference, or nil where the order is not known.
  func compare(_ left: Expression, _ right: Expression) throws(MathTrouble) -> Int? {
    try meter.spend(10)
    if case .number(let a) = left, case .number(let b) = right {
      return a.value == b.value ? 0 : a.value < b.value ? -1 : 1
    }
    let algebra = Algebra(meter)
    let difference = try algebra.subtract(try algebra.normalize(left), try algebra.normalize(right))
    if difference.isZero { return 0 }
    guard !algebra.hasVariables(difference) else { return nil }
    if let sign = try Evaluator(algebra).sign(of: difference) { return sign }
    let prober = Prober(algebra: algebra, seed: "order")
    switch try prober.isZero(difference) {
    case .exactly, .numerically: return 0
    default: return nil
    }
  }

  func areEqual(_ left: Expression, _ right: Expression) throws(MathTrouble) -> Bool {
    if left == right { return true }
    return try compare(left, right) == 0
  }

  /// Whether a value is among the members.
  func contains(_ members: [Answer], _ member: Answer) throws(MathTrouble) -> Bool {
    guard case .quantity(let wanted) = member else {
      throw .unsupported("an operation on sets of \(member.kind)")
    }
    for other in members {
      guard case .quantity(let known) = other else {
        throw .unsupported("an operation on sets of \(other.kind)")
      }
      if try areEqual(wanted.value, known.value) { return true }
    }
    return false
  }

  // MARK: - Real sets

  /// The order of two lower ends, or of two upper ends where `isUpper`.
  private func order(
    _ left: RealSet.End, _ right: RealSet.End, isUpper: Bool
  ) throws(MathTrouble) -> Int {
    switch (left.value, right.value) {
    case (nil, nil): return 0
    case (nil, _): return isUpper ? 1 : -1
    case (_, nil): return isUpper ? -1 : 1
    case (let a?, let b?):
      guard let sign = try compare(a, b) else { throw .unsupported("the order of two ends") }
      if sign != 0 || left.isClosed == right.isClosed { return sign }
      return left.isClosed == isUpper ? 1 : -1
    }
  }

  /// Whether there is a number between a lower and an upper end.
  private func isNonempty(_ low: RealSet.End, _ high: RealSet.End) throws(MathTrouble) -> Bool {
    guard let a = low.value, let b = high.value else { return true }
    guard let sign = try compare(a, b) else { throw .unsupported("the order of two ends") }
    return sign < 0 || sign == 0 && low.isClosed && high.isClosed
  }

  func intersection(_ left: RealSet, _ right: RealSet) throws(MathTrouble) -> RealSet {
    guard left.pieces.count * right.pieces.count <= 1_000 else { throw .limit("members") }
    var pieces: [RealSet.Piece] = []
    for a in left.pieces {
      for b in right.pieces {
        let low = try order(a.low, b.low, isUpper: false) >= 0 ? a.low : b.low
        let high = try order(a.high, b.high, isUpper: true) <= 0 ? a.high : b.high
        if try isNonempty(low, high) { pieces.append(.init(low: low, high: high)) }
      }
    }
    return RealSet(pieces: pieces)
  }

  func complement(_ set: RealSet) throws(MathTrouble) -> RealSet {
    var result = RealSet.all
    for piece in set.pieces {
      var rest: [RealSet.Piece] = []
      let infinity = RealSet.End(value: nil, isClosed: false)
      if let low = piece.low.value {
        rest.append(
          .init(low: infinity, high: .init(value: low, isClosed: !piece.low.isClosed)))
      }
      if let high = piece.high.value {
        rest.append(
          .init(low: .init(value: high, isClosed: !piece.high.isClosed), high: infinity))
      }
      result = try intersection(result, RealSet(pieces: rest))
    }
    return result
  }

  /// The intervals in order, without empty ones, those that touch merged.
  func canonical(_ set: RealSet) throws(MathTrouble) -> RealSet {
    guard set.pieces.count <= 200 else { throw .limit("members") }
    var pieces: [RealSet.Piece] = []
    for piece in set.pieces where try isNonempty(piece.low, piece.high) {
      // Insertion in order; there are few.
      var place = 0
      while place < pieces.count, try order(pieces[place].low, piece.low, isUpper: false) <= 0 {
        place += 1
      }
      pieces.insert(piece, at: place)
    }
    var merged: [RealSet.Piece] = []
    for piece in pieces {
      if let last = merged.last, try touches(last.high, piece.low) {
        if try order(last.high, piece.high, isUpper: true) < 0 {
          merged[merged.count - 1].high = piece.high
        }
      } else {
        merged.append(piece)
      }
    }
    return RealSet(pieces: merged)
  }

  /// Whether an interval that ends here goes over into one that begins there.
  private func touches(_ high: RealSet.End, _ low: RealSet.End) throws(MathTrouble) -> Bool {
    guard let a = high.value, let b = low.value else { return true }
    guard let sign = try compare(a, b) else { throw .unsupported("the order of two ends") }
    return sign > 0 || sign == 0 && (high.isClosed || low.isClosed)
  }
}
