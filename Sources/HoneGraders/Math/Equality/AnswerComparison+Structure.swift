extension AnswerComparison {
  // MARK: - Members

  /// Members in order.
  func compareInOrder(_ wanted: [Answer], _ seen: [Answer]) throws(MathTrouble) -> MathEquality {
    guard wanted.count == seen.count else {
      return .different("\(seen.count) members, wanted \(wanted.count)")
    }
    for (index, pair) in zip(wanted, seen).enumerated() {
      try meter.spend(30)
      switch try compare(pair.0, pair.1) {
      case .equal: continue
      case .different(let why): return .different("member \(index + 1): \(why)")
      case .unknown(let why): return .unknown("member \(index + 1): \(why)")
      }
    }
    return .equal("\(wanted.count) equal members in order")
  }

  /// Members in any order, each of the reference matched by one of the prediction and none left.
  ///
  /// In sets, members that are equal to each other count once; in lists each counts.
  func compareAsSets(
    _ wanted: [Answer], _ seen: [Answer], countsRepeats: Bool
  ) throws(MathTrouble) -> MathEquality {
    if countsRepeats, wanted.count != seen.count {
      return .different("\(seen.count) answers, wanted \(wanted.count)")
    }
    if let wanted = Self.numbers(wanted, countsRepeats),
      let seen = Self.numbers(seen, countsRepeats),
      wanted == seen
    {
      return .equal("the same members")
    }
    var isMatched = Array(repeating: false, count: seen.count)
    var doubt: String?
    for (number, member) in wanted.enumerated() {
      var isFound = false
      for (index, other) in seen.enumerated()
      where !(countsRepeats && (isFound || isMatched[index])) {
        try meter.spend(90)
        switch try compare(member, other) {
        case .equal:
          isFound = true
          isMatched[index] = true
        case .different: break
        case .unknown(let why): doubt = why
        }
      }
      guard isFound else {
        if let doubt { return .unknown(doubt) }
        return .different("member \(number + 1) of the reference is missing")
      }
    }
    guard let extra = isMatched.firstIndex(of: false) else {
      return .equal("the same members")
    }
    if let doubt { return .unknown(doubt) }
    return .different("member \(extra + 1) of the answer is not in the reference")
  }

  /// The members in order, where all of them are plain numbers.
  private static func numbers(_ members: [Answer], _ countsRepeats: Bool) -> [Rational]? {
    var numbers: [Rational] = []
    for member in members {
      guard case .quantity(let quantity) = member, quantity.unit == nil, !quantity.isPercent,
        !quantity.isAngle, let literal = quantity.literal, literal.value.bits <= 512
      else { return nil }
      numbers.append(literal.value)
    }
    numbers.sort()
    if countsRepeats { return numbers }
    return numbers.enumerated().filter { $0.offset == 0 || numbers[$0.offset - 1] != $0.element }
      .map(\.element)
  }

  // MARK: - Tuples

  func compareTuples(
    _ wanted: [Answer], _ brackets: (Bracket, Bracket), _ seen: [Answer],
    _ others: (Bracket, Bracket)
  ) throws(MathTrouble) -> MathEquality {
    let areVectors =
      brackets.0 == .angle && others.0 == .round || brackets.0 == .round && others.0 == .angle
    guard brackets == others || areVectors else {
      return .different("other brackets than those of the reference")
    }
    return try compareInOrder(wanted, seen)
  }

  /// A tuple and a list without brackets, in the same order.
  func compareTupleWithList(
    _ reference: Answer, _ prediction: Answer
  ) throws(MathTrouble) -> MathEquality? {
    switch (reference, prediction) {
    case (.tuple(let wanted, .round, .round), .collection(let seen, isBraced: false)),
      (.collection(let wanted, isBraced: false), .tuple(let seen, .round, .round)):
      guard policy.bareListIsTuple else { return nil }
      return try compareInOrder(wanted, seen)
    default: return nil
    }
  }

  /// A row or column and a tuple of the same values.
  func compareVector(
    _ rows: [[Expression]], _ members: [Answer], isReference: Bool
  ) throws(MathTrouble) -> MathEquality {
    guard rows.count == 1 || rows.allSatisfy({ $0.count == 1 }) else {
      return .different("a matrix and a vector")
    }
    let entries = try reader.answers(rows.flatMap { $0 })
    return try isReference ? compareInOrder(entries, members) : compareInOrder(members, entries)
  }

  func compareMatrices(
    _ wanted: [[Expression]], _ style: MatrixStyle, _ seen: [[Expression]], _ other: MatrixStyle
  ) throws(MathTrouble) -> MathEquality {
    guard style == other else { return .different("another kind of matrix") }
    guard wanted.map(\.count) == seen.map(\.count) else { return .different("the shape") }
    return try compareInOrder(
      try reader.answers(wanted.flatMap { $0 }), try reader.answers(seen.flatMap { $0 }))
  }

  // MARK: - Ratios

  /// Ratios are equal where they are proportional; one of two members is a fraction too.
  func compareRatios(_ reference: Answer, _ prediction: Answer) throws(MathTrouble) -> MathEquality
  {
    func members(_ answer: Answer) -> [Expression]? {
      switch answer {
      case .ratio(let members): members
      case .quantity(let quantity) where quantity.unit == nil && !quantity.isPercent:
        [quantity.expression, .integer(1)]
      default: nil
      }
    }
    guard let wanted = members(reference), let seen = members(prediction),
      wanted.count == seen.count
    else { return .different("\(prediction.kind), wanted \(reference.kind)") }
    for index in wanted.indices.dropFirst() {
      let left = Expression.product([wanted[0], seen[index]])
      let right = Expression.product([seen[0], wanted[index]])
      let verdict = try compareValues(left, right)
      guard verdict.isEqual else { return verdict }
    }
    // All zeros are proportional to everything.
    for member in seen {
      if try compareValues(member, .integer(0)).isEqual { return .different("a ratio with zero") }
    }
    return .equal("proportional")
  }

  // MARK: - Sets of whole numbers

  /// Sets of whole numbers: those of two conditions, or the members one by one where they end.
  func compareWholeSets(
    _ reference: Answer, _ prediction: Answer
  ) throws(MathTrouble) -> MathEquality {
    if case .wholeSet(let wanted, let name) = reference,
      case .wholeSet(let seen, let other) = prediction
    {
      guard name == nil || other == nil || name == other else {
        return .different("a set of values of \(other ?? "") and of \(name ?? "")")
      }
      return wanted == seen
        ? .equal("the same whole numbers") : .different("other whole numbers")
    }
    guard let wanted = listed(reference), let seen = listed(prediction) else {
      return .different("\(prediction.kind), wanted \(reference.kind)")
    }
    return try compare(wanted, seen)
  }

  /// A set of whole numbers as its members; other answers as they are; nil where it has no end.
  private func listed(_ answer: Answer) -> Answer? {
    guard case .wholeSet(let set, _) = answer else { return answer }
    guard let members = set.members(limit: limits.members) else { return nil }
    if members.isEmpty { return .namedSet(.emptySet) }
    return .collection(
      members.map { .quantity(Quantity(.number(NumberLiteral(Rational($0))))) }, isBraced: true)
  }

  // MARK: - Real sets

  /// Intervals, unions and solved inequalities, where either side is one.
  func compareRealSets(
    _ reference: Answer, _ prediction: Answer
  ) throws(MathTrouble) -> MathEquality? {
    guard let wanted = reader.realSet(reference), let seen = reader.realSet(prediction) else {
      return nil
    }
    if case .realSet(_, let variable?) = reference, case .realSet(_, let other?) = prediction,
      variable != other
    {
      return .different("a set of values of \(other), wanted \(variable)")
    }
    let order = ScalarOrder(meter: meter)
    let pair: (RealSet, RealSet)
    do {
      pair = (try order.canonical(wanted), try order.canonical(seen))
      for (written, set, answer) in [(wanted, pair.0, reference), (seen, pair.1, prediction)] {
        // `(6, 2]` is no interval and never a way to write the empty set.
        guard set.pieces.isEmpty, written.pieces.count == 1, !answer.isCondition else { continue }
        return .different("an interval whose ends are in the wrong order")
      }
    } catch {
      // Ends with variables have no order: piece by piece, as they stand.
      guard case .unsupported = error else { throw error }
      pair = (wanted, seen)
    }
    guard pair.0.pieces.count == pair.1.pieces.count else { return .different("another set") }
    for (piece, other) in zip(pair.0.pieces, pair.1.pieces) {
      for (end, otherEnd) in [(piece.low, other.low), (piece.high, other.high)] {
        guard end.isClosed == otherEnd.isClosed else { return .different("an end of an interval") }
        switch (end.value, otherEnd.value) {
        case (nil, nil): continue
        case (let a?, let b?):
          let verdict = try compareEnds(a, b)
          guard verdict.isEqual else { return verdict }
        default: return .different("an end at infinity")
        }
      }
    }
    return .equal("the same set of real numbers")
  }

  private func compareEnds(_ wanted: Expression, _ seen: Expression) throws(MathTrouble)
    -> MathEquality
  {
    var reference = Quantity(wanted)
    reference.literal = wanted.plainNumber
    var prediction = Quantity(seen)
    prediction.literal = seen.plainNumber
    return try compare(reference, prediction)
  }
}

extension Answer {
  /// Whether this is a condition on a variable, which nothing may meet.
  fileprivate var isCondition: Bool { if case .realSet(_, _?) = self { true } else { false } }
}
