/// Reads a reference and an answer and compares them, once.
struct MathJudge {
  let policy: MathPolicy
  let comparators: [any MathComparator]
  /// Counts the steps of everything that is done with this pair of answers.
  let meter: Meter

  init(policy: MathPolicy, limits: MathLimits, comparators: [any MathComparator]) {
    self.policy = policy
    self.comparators = comparators
    meter = Meter(limits)
  }

  /// A reference that was read and is equal to itself.
  struct Side {
    var text: String
    var reading: AnswerReader.Reading
    var choice: ChoiceAnswer?
    var clock: (clock: ClockAnswer, isCertain: Bool)?

    /// Whether "about 2.75" can be this: a whole number is exact.
    var mayBeApproximated: Bool {
      guard case .quantity(let quantity) = reading.answer else { return false }
      return quantity.literal.map { !$0.value.isInteger } ?? quantity.expression.isConstant
    }

    var description: String {
      if let choice, choice.isMarked || reading.lexemes.count == 1 {
        return "choice \(choice.letter)"
      }
      return reading.description
    }
  }

  /// Why a reference is unusable.
  struct ReferenceDefect: Error, CustomStringConvertible {
    var description: String
  }

  private var reader: AnswerReader { AnswerReader(policy: policy, meter: meter) }

  // MARK: - The reference

  /// Reads a reference and compares it with itself.
  func reference(_ text: String) throws(ReferenceDefect) -> Side {
    let text = AnswerExtraction.bare(text).text ?? text
    let side: Side
    do {
      let lexemes = AnswerReader.withoutRelation(try reader.lexemes(text)).lexemes
      side = Side(
        text: text, reading: try reader.read(lexemes, isReference: true),
        choice: ChoiceAnswer.read(lexemes, isReference: true), clock: ClockAnswer.read(lexemes))
    } catch {
      throw ReferenceDefect(description: "the reference cannot be read: \(error)")
    }
    if let why = side.reading.defect, Self.isBroken(side.reading.lexemes, why) {
      throw ReferenceDefect(description: "the reference cannot be read: \(why)")
    }
    if side.choice == nil, side.clock?.isCertain != true, !side.reading.isPlainlyItself {
      let verdict = compare(side.reading.answer, side.reading.answer, seed: text, digits: 0)
      guard verdict.isEqual else {
        throw ReferenceDefect(
          description: "the reference is not equal to itself: \(verdict.reason)")
      }
    }
    return side
  }

  /// Whether a text that is no mathematics is TeX that was cut off: braces that are not closed, or a
  /// fraction, root or binomial that ends too early.
  ///
  /// No answer is meant to look like that. Other texts (a grade `B+`, a formula of chemistry) are
  /// compared token by token.
  private static func isBroken(_ lexemes: [Lexeme], _ why: String) -> Bool {
    var depth = 0
    var isTeX = false
    for lexeme in lexemes {
      switch lexeme.token {
      case .groupOpen: depth += 1
      case .groupClose:
        depth -= 1
        if depth < 0 { return true }
      case .command(.fraction), .command(.root), .command(.binomial): isTeX = true
      default: break
      }
    }
    return depth != 0 || isTeX && why.hasPrefix("the end ")
  }

  // MARK: - The comparison

  /// Compares an answer with a reference; also tells how the answer was read.
  func compare(_ reference: Side, with text: String) -> (equality: MathEquality, reading: String) {
    for comparator in comparators {
      if let verdict = comparator.compare(reference: reference.text, prediction: text) {
        return (verdict, "as text")
      }
    }
    do {
      let (lexemes, isApproximate) = AnswerReader.withoutRelation(try reader.lexemes(text))
      if isApproximate, !reference.mayBeApproximated {
        return (.unknown("an approximation of an exact answer"), "an approximation")
      }
      if let verdict = compareChoice(reference, lexemes) { return (verdict, "a choice") }
      if let verdict = Self.compareClock(reference, lexemes) { return (verdict, "a time of day") }
      if reference.reading.defect != nil {
        // A reference that is no mathematics is only equal to the same tokens.
        let seen = AnswerReader.Reading(
          answer: .text(TextAnswer(spelling: lexemes)), lexemes: lexemes)
        return (compare(reference.reading.answer, seen.answer, seed: "", digits: 0), "as text")
      }
      var reader = reader
      if case .quantity(let wanted) = reference.reading.answer, wanted.unit?.isNoun == true {
        // What the reference counts may be named in plain letters too.
        reader.allowsAnyNoun = true
      }
      let reading: AnswerReader.Reading
      do {
        reading = try reader.read(lexemes, isReference: false)
      } catch {
        guard case .text(let wanted) = reference.reading.answer,
          let words = TextAnswer(plain: text),
          words.isSame(as: wanted)
        else { throw error }
        return (.equal("the same words"), "as text")
      }
      let digits = min(1000, max(Self.digits(reference.text), Self.digits(text)))
      let verdict = compare(
        reference.reading.answer, reading.answer, seed: reference.text, digits: digits)
      if verdict.isEqual {
        return (contradiction(reference, reading) ?? verdict, reading.description)
      }
      if let second = ungrouped(reference, text, digits) { return second }
      return (combinations(reference, reading) ?? verdict, reading.description)
    } catch {
      return (.unknown("the answer cannot be read: \(error)"), "not read: \(error)")
    }
  }

  private func compare(
    _ reference: Answer, _ prediction: Answer, seed: String, digits: Int
  ) -> MathEquality {
    var comparison = AnswerComparison(policy: policy, meter: meter, seed: seed)
    comparison.digits = digits
    do {
      return try comparison.compare(reference, prediction)
    } catch {
      return .unknown("\(error)")
    }
  }

  /// The answer read as a list where it might be one number: `100,200`.
  private func ungrouped(
    _ reference: Side, _ text: String, _ digits: Int
  ) -> (MathEquality, String)? {
    guard reference.reading.answer.isPlural, text.utf8.contains(UInt8(ascii: ",")) else {
      return nil
    }
    var reader = reader
    reader.groupsThousands = false
    guard let lexemes = try? reader.lexemes(text),
      let reading = try? reader.read(lexemes, isReference: false)
    else { return nil }
    let verdict = compare(
      reference.reading.answer, reading.answer, seed: reference.text, digits: digits)
    return verdict.isEqual ? (verdict, reading.description) : nil
  }

  /// What an answer says beside an equal value that makes it another one: other whole numbers for its
  /// parameter, "or" where all are wanted.
  private func contradiction(
    _ reference: Side, _ reading: AnswerReader.Reading
  ) -> MathEquality? {
    if let wanted = AnswerReader.parameterRange(of: reference.reading.expression),
      let seen = AnswerReader.parameterRange(of: reading.expression), wanted != seen,
      wanted != .reals, seen != .reals, !reading.answer.isWholeSet
    {
      return .different("another range of the parameter")
    }
    if case .text(let words) = reference.reading.answer, words.joints == ["and"],
      case .list(_, let separators)? = reading.expression, separators.contains(.or)
    {
      return .different("alternatives, wanted all of them")
    }
    return nil
  }

  /// The comparison with `C(12,5)` read as a number of combinations, where a value is wanted.
  private func combinations(
    _ reference: Side, _ reading: AnswerReader.Reading
  ) -> MathEquality? {
    guard let number = reading.expression?.combinations,
      case .quantity(let wanted) = reference.reading.answer, wanted.expression.isConstant
    else { return nil }
    return compare(
      reference.reading.answer, .quantity(Quantity(number)), seed: reference.text, digits: 0)
  }

  private static func digits(_ text: String) -> Int {
    text.utf8.reduce(0) { $0 + ((UInt8(ascii: "0")...UInt8(ascii: "9")).contains($1) ? 1 : 0) }
  }

  // MARK: - Choices and times

  private func compareChoice(_ reference: Side, _ lexemes: [Lexeme]) -> MathEquality? {
    guard let wanted = reference.choice else { return nil }
    if let seen = ChoiceAnswer.read(lexemes, isReference: false) {
      return seen.letter == wanted.letter
        ? .equal("choice \(wanted.letter)")
        : .different("choice \(seen.letter), wanted \(wanted.letter)")
    }
    // The option's text alone is as good as its letter.
    guard !wanted.rest.isEmpty,
      let option = try? reader.read(Array(wanted.rest), isReference: true),
      let seen = try? reader.read(lexemes, isReference: false)
    else { return nil }
    let verdict = compare(option.answer, seen.answer, seed: reference.text, digits: 0)
    return verdict.isEqual ? .equal("the text of choice \(wanted.letter)") : verdict
  }

  private static func compareClock(_ reference: Side, _ lexemes: [Lexeme]) -> MathEquality? {
    guard let wanted = reference.clock else { return nil }
    guard let seen = ClockAnswer.read(lexemes) else {
      return wanted.isCertain ? .different("no time of day") : nil
    }
    if wanted.clock.isSame(as: seen.clock) { return .equal("the same time of day") }
    return wanted.isCertain || seen.clock.isAfternoon != nil
      ? .different("another time of day") : nil
  }
}

extension Expression {
  /// `C(12,5)`, read as a point with its name, as the binomial that it may mean.
  fileprivate var combinations: Expression? {
    guard case .product(let factors) = self, factors.count == 2, factors[0] == .symbol("C"),
      case .bracketed(open: .round, let members, close: .round) = factors[1], members.count == 2,
      members.allSatisfy({ if case .number = $0 { true } else { false } })
    else { return nil }
    return .apply(.binomial, members)
  }
}

extension AnswerReader.Reading {
  /// Whether no comparison is needed to know that this equals itself: a number or words.
  var isPlainlyItself: Bool {
    switch answer {
    case .quantity(let quantity): quantity.literal != nil
    case .text: true
    default: false
    }
  }

  /// How the text was read.
  var description: String {
    if let defect { return "as text, since \(defect)" }
    let shown = expression.map { String("\($0.plain)".prefix(500)) }
    return shown.map { "\(answer.kind): \($0)" } ?? answer.kind
  }
}

extension Answer {
  /// Whether several members are in it.
  var isPlural: Bool {
    switch self {
    case .tuple, .collection, .record: true
    case .labelled(_, let value): value.isPlural
    default: false
    }
  }
}
