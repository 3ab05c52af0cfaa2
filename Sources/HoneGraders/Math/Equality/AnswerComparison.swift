/// Compares a prediction with a reference; the reference decides what is compared.
struct AnswerComparison {
  let policy: MathPolicy
  let meter: Meter
  /// What the points of a numeric comparison are drawn from: the reference's text.
  let seed: String
  /// Digits written in both answers.
  var digits = 0

  var limits: MathLimits { meter.limits }
  var reader: AnswerReader { AnswerReader(policy: policy, meter: meter) }

  init(policy: MathPolicy, meter: Meter, seed: String) {
    self.policy = policy
    self.meter = meter
    self.seed = seed
  }

  /// Compares two answers.
  func compare(_ reference: Answer, _ prediction: Answer) throws(MathTrouble) -> MathEquality {
    switch (reference, prediction) {
    case (.wholeSet, _), (_, .wholeSet): return try compareWholeSets(reference, prediction)
    case (.quantity(let wanted), .quantity(let seen)): return try compare(wanted, seen)
    case (.text(let wanted), .text(let seen)): return Self.compare(wanted, seen)
    case (.text(let wanted), .collection(let members, isBraced: false)):
      guard let letters = Self.letters(members) else { break }
      return Self.compare(wanted, letters)
    case (.collection(let members, isBraced: true), _)
    where members.count == 1 && !members[0].isSet:
      return try compare(members[0], prediction)
    case (_, .collection(let members, isBraced: true))
    where members.count == 1 && !members[0].isSet:
      return try compare(reference, members[0])
    case (.labelled, _), (_, .labelled), (.record, _), (_, .record):
      return try compareNamed(reference, prediction)
    case (.collection(let wanted, let isSet), .collection(let seen, let isOtherSet)):
      return try compareAsSets(wanted, seen, countsRepeats: !isSet && !isOtherSet)
    case (.tuple(let wanted, let open, let close), .tuple(let seen, let otherOpen, let otherClose)):
      return try compareTuples(wanted, (open, close), seen, (otherOpen, otherClose))
    case (.tuple, .collection), (.collection, .tuple):
      if let verdict = try compareTupleWithList(reference, prediction) { return verdict }
    case (.namedSet(let wanted), .namedSet(let seen)):
      return wanted == seen ? .equal("the same set") : .different("another set")
    case (.matrix(let wanted, let style), .matrix(let seen, let other)):
      return try compareMatrices(wanted, style, seen, other)
    case (.matrix(let rows, .brackets), .tuple(let members, _, _)):
      return try compareVector(rows, members, isReference: true)
    case (.tuple(let members, _, _), .matrix(let rows, .brackets)):
      return try compareVector(rows, members, isReference: false)
    case (.relation(let wanted, let signs), .relation(let seen, let others)):
      return try compareRelations(wanted, signs, seen, others)
    case (.congruence(let left, let right, let modulus), .congruence(let a, let b, let m)):
      return try compareCongruences((left, right, modulus), (a, b, m))
    case (.ratio, .ratio), (.ratio, .quantity), (.quantity, .ratio):
      return try compareRatios(reference, prediction)
    default: break
    }
    if let verdict = try compareRealSets(reference, prediction) { return verdict }
    return .different("\(prediction.kind), wanted \(reference.kind)")
  }

  /// `A, B` as words, where all members are single letters.
  private static func letters(_ members: [Answer]) -> TextAnswer? {
    var names: [String] = []
    for member in members {
      guard case .quantity(let quantity) = member, quantity.unit == nil,
        case .symbol(let name) = quantity.expression, name.utf8.count == 1
      else { return nil }
      names.append(name)
    }
    return TextAnswer(names.joined(separator: ","))
  }

  private static func compare(_ wanted: TextAnswer, _ seen: TextAnswer) -> MathEquality {
    guard wanted.isSame(as: seen) else {
      let shown = { (parts: [String]) in "'" + parts.joined(separator: ", ").prefix(60) + "'" }
      return .different("text \(shown(seen.parts)), wanted \(shown(wanted.parts))")
    }
    return .equal("the same text")
  }

  // MARK: - Values

  /// Whether two single values are equal.
  func compareValues(_ left: Expression, _ right: Expression) throws(MathTrouble) -> MathEquality {
    if case .number(let a) = left, case .number(let b) = right {
      return a.value == b.value
        ? .equal("rational \(a.value)") : .different("\(b.value), wanted \(a.value)")
    }
    if let sign = left.infinitySign, let other = right.infinitySign {
      return sign == other ? .equal("infinity") : .different("the sign of infinity")
    }
    if left.infinitySign != nil || right.infinitySign != nil {
      return .different("infinity and a finite value")
    }
    let algebra = Algebra(meter)
    let wanted = try algebra.normalize(left)
    let seen = try algebra.normalize(right)
    if wanted == seen {
      // Equal forms may still hide a division by zero.
      try requireValue(wanted, algebra)
      return .equal(shown(wanted, "the same exact form"))
    }
    if let a = wanted.constant, let b = seen.constant {
      return a == b ? .equal("rational \(a)") : .different("\(b), wanted \(a)")
    }
    let difference = try algebra.subtract(wanted, seen)
    let prober = Prober(algebra: algebra, seed: seed, digits: digits)
    if difference.isZero { try requireValue(wanted, algebra) }
    switch try prober.isZero(difference) {
    case .exactly: return .equal("exact forms")
    case .not(let how): return .different("the values differ \(how)")
    case .numerically(let how):
      return policy.acceptsNumericEquality
        ? .equal("numerically, \(how)")
        : .unknown("numerically equal \(how), which the policy does not accept")
    case .unknown(let why): return .unknown(why)
    }
  }

  /// A constant must have a value: its denominator must not be zero.
  private func requireValue(_ value: Quotient, _ algebra: Algebra) throws(MathTrouble) {
    guard !value.isPolynomial, !algebra.hasVariables(value) else { return }
    let evaluator = Evaluator(algebra, point: [:], isComplex: true, bits: 384)
    _ = try evaluator.value(of: Quotient(value.denominator))
    guard try evaluator.value(of: value.denominator).value.excludesZero else {
      throw .undefined("a division by what is not told from zero")
    }
  }

  private func shown(_ value: Quotient, _ otherwise: String) -> String {
    value.constant.map { "rational \($0)" } ?? otherwise
  }
}
