/// Reads the text of an answer into an ``Answer``.
struct AnswerReader {
  /// An answer with what it was read from.
  struct Reading {
    var answer: Answer
    var lexemes: [Lexeme]
    /// The expression, where the text is one.
    var expression: Expression?
    /// Why the text is no expression, where it is compared as text for that reason.
    var defect: String?
  }

  let policy: MathPolicy
  /// The bounds of the comparison that the reading is for.
  let meter: Meter
  var groupsThousands = true
  /// Whether plain words may be things that are counted, whatever the policy says.
  var allowsAnyNoun = false

  var limits: MathLimits { meter.limits }

  /// The tokens of an answer, without the point at its end.
  func lexemes(_ text: String) throws(MathTrouble) -> [Lexeme] {
    let options = Lexer.Options(
      groupsThousands: groupsThousands && policy.groupsThousands, limits: limits)
    return Self.withoutTrailingPoint(try Lexer.lexemes(of: text, options: options))
  }

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - lexemes: The tokens of the text, without what surrounds the answer.
  ///   - isReference: Whether a text that is no mathematics is taken as it stands, to be compared
  ///     letter by letter, rather than refused.
  func read(_ lexemes: [Lexeme], isReference: Bool) throws(MathTrouble) -> Reading {
    guard !lexemes.isEmpty else { throw .unreadable("nothing is there") }
    if let words = TextAnswer.prose(lexemes) {
      if let answer = words.meaning { return Reading(answer: answer, lexemes: lexemes) }
      return Reading(answer: .text(words), lexemes: lexemes)
    }
    do {
      let (answer, expression) = try formula(lexemes)
      return Reading(answer: answer, lexemes: lexemes, expression: expression)
    } catch {
      guard isReference, case .unreadable(let why) = error else { throw error }
      return Reading(
        answer: .text(TextAnswer(spelling: lexemes)), lexemes: lexemes, defect: why)
    }
  }

  /// The tokens as an expression; letters that are no unit where they stand are variables.
  private func formula(_ lexemes: [Lexeme]) throws(MathTrouble) -> (Answer, Expression) {
    var options = Parser.Options(
      limits: limits, units: policy.units,
      allowsAnyNoun: allowsAnyNoun || policy.allowsAnyNoun)
    do {
      let expression = try Parser.parse(lexemes, options: options)
      return (try answer(expression), expression)
    } catch {
      guard error == Self.unitInFormula || error == Self.unitInSum else { throw error }
      options.readsPlainUnits = false
      let expression = try Parser.parse(lexemes, options: options)
      return (try answer(expression), expression)
    }
  }

  static let unitInSum = MathTrouble.unreadable("a sum with and without units")
  static let unitInFormula = MathTrouble.unreadable("a unit inside a formula")

  /// The tokens behind a leading `=` or `\approx`, and whether they are said to be approximate.
  static func withoutRelation(_ lexemes: [Lexeme]) -> (lexemes: [Lexeme], isApproximate: Bool) {
    guard lexemes.count > 1, let first = lexemes.first else { return (lexemes, false) }
    switch first.token {
    case .relation(.equal): return (Array(lexemes.dropFirst()), false)
    case .relation(.approximately): return (Array(lexemes.dropFirst()), true)
    case .word(let word), .text(let word):
      guard approximations.contains(word.lowercased()) else { return (lexemes, false) }
      return (Array(lexemes.dropFirst()), true)
    default: return (lexemes, false)
    }
  }

  private static let approximations: Set<String> = [
    "approximately", "about", "roughly", "around", "approx", "nearly",
  ]

  private static func withoutTrailingPoint(_ lexemes: [Lexeme]) -> [Lexeme] {
    var lexemes = lexemes
    while let last = lexemes.last?.token, last == .sign(".") || last == .newline {
      lexemes.removeLast()
    }
    return lexemes
  }

  // MARK: - From expressions

  /// The answer that an expression is.
  func answer(_ expression: Expression) throws(MathTrouble) -> Answer {
    switch expression {
    case .list(let members, let separators): return try list(members, separators)
    case .relation(let members, let relations): return try relation(members, relations)
    case .congruence(let left, let right, let modulus):
      return .congruence(left, right, modulus: modulus)
    case .bracketed(let open, let members, let close):
      if open != .brace, members.count > 1, members.contains(where: \.holdsSigns) {
        // `(\pm 1, 0)` are two points.
        let points = try answers(try expression.alternatives(limit: limits.alternatives))
        return .collection(points, isBraced: false)
      }
      return try bracketed(open, members, close)
    case .setOperation(let operation, let members): return try setOperation(operation, members)
    case .setBuilder(let element, let condition): return try setBuilder(element, condition)
    case .matrix(let rows, .cases)
    where rows.count > 1 && rows.allSatisfy({ $0.count == 1 && $0[0].isEquation }):
      // A system of equations.
      return try list(
        rows.map { $0[0] }, Array(repeating: .newline, count: rows.count - 1))
    case .matrix(let rows, let style):
      return style == .bars ? .quantity(Quantity(expression)) : .matrix(rows, style)
    case .ratio(let members): return .ratio(members)
    case .text(let words): return .text(TextAnswer(words))
    case .constant(.reals): return .realSet(.all, variable: nil)
    case .constant(let constant) where constant.isSet: return .namedSet(constant)
    default: return try value(expression)
    }
  }

  func answers(_ members: [Expression]) throws(MathTrouble) -> [Answer] {
    guard members.count <= limits.members else { throw .limit("members") }
    var answers: [Answer] = []
    for member in members { answers.append(try answer(member)) }
    return answers
  }

  /// One value, or several where plus-minus signs are in it.
  private func value(_ expression: Expression) throws(MathTrouble) -> Answer {
    if let structure = try structure(expression) { return structure }
    let alternatives = try expression.alternatives(limit: limits.alternatives)
    if alternatives.count == 1 { return .quantity(try quantity(alternatives[0])) }
    var values: [Answer] = []
    for alternative in alternatives { values.append(.quantity(try quantity(alternative))) }
    return .collection(values, isBraced: false)
  }

  /// A multiple of a matrix, a difference of sets, a point with its name; nil for anything else.
  private func structure(_ expression: Expression) throws(MathTrouble) -> Answer? {
    switch expression {
    case .product(let factors):
      guard let last = factors.last else { return nil }
      if case .matrix(let rows, .brackets) = last, factors.count <= 4,
        !factors.dropLast().contains(where: \.holdsMatrix)
      {
        guard rows.count * (rows.first?.count ?? 0) <= limits.members else {
          throw .limit("members")
        }
        return .matrix(
          rows.map { $0.map { .product(factors.dropLast() + [$0]) } }, .brackets)
      }
      if case .symbol(let name) = factors[0], name.utf8.count == 1, name.uppercased() == name,
        factors.count == 2, case .bracketed(open: .round, _, close: .round) = last
      {
        return try answer(last)
      }
      return nil
    case .power(.matrix(let rows, .brackets), .symbol("T")):
      guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else {
        return nil
      }
      return .matrix((0..<width).map { column in rows.map { $0[column] } }, .brackets)
    case .sum(let terms):
      guard terms.count == 2, case .product(let factors) = terms[1], factors.count == 2,
        factors[0] == .integer(-1), case .bracketed(open: .brace, _, close: .brace) = factors[1],
        terms[0].isSetLike
      else { return nil }
      return try setOperation(.difference, [terms[0], factors[1]])
    default: return nil
    }
  }

  private func bracketed(
    _ open: Bracket, _ members: [Expression], _ close: Bracket
  ) throws(MathTrouble) -> Answer {
    if open == .brace {
      let inner = try answers(Self.expanded(members, limit: limits.members))
      if inner.count > 1, let record = Self.record(inner) { return record }
      // Alternatives inside a set are members of it.
      let flat = inner.flatMap { member -> [Answer] in
        if case .collection(let parts, isBraced: false) = member { parts } else { [member] }
      }
      return .collection(flat, isBraced: true)
    }
    if members.count == 2, open != close || members.contains(where: { $0.infinitySign != nil }),
      open != .angle, let piece = interval(open, members, close)
    {
      return .realSet(RealSet(pieces: [piece]), variable: nil)
    }
    if open == .square, let rows = Self.rows(members) { return .matrix(rows, .brackets) }
    return .tuple(try answers(members), open: open, close: close)
  }

  /// `\{a=2, b=5\}`: values of different names.
  private static func record(_ parts: [Answer]) -> Answer? {
    var entries: [(label: Label, value: Answer)] = []
    for part in parts {
      guard case .labelled(let label, let value) = part,
        !entries.contains(where: { $0.label.name == label.name })
      else { return nil }
      entries.append((label, value))
    }
    return .record(entries)
  }

  /// Members of an arithmetic progression with the ones that dots leave out: `1,2,\ldots,10`.
  static func expanded(_ members: [Expression], limit: Int) -> [Expression] {
    guard let dots = members.firstIndex(of: .symbol("…")), dots >= 2, dots + 1 < members.count
    else { return members }
    var numbers: [Int] = []
    for (index, member) in members.enumerated() where index != dots {
      guard case .number(let literal) = member, let number = literal.value.integer,
        abs(number) < 1_000_000_000
      else { return members }
      numbers.append(number)
    }
    let step = numbers[1] - numbers[0]
    let gap = numbers[dots] - numbers[dots - 1]
    let isRegular = numbers.indices.dropFirst().allSatisfy {
      $0 == dots || numbers[$0] - numbers[$0 - 1] == step
    }
    guard isRegular, step != 0, gap % step == 0, gap / step > 0, gap / step <= limit else {
      return members
    }
    let missing = (1..<(gap / step)).map {
      Expression.integer(numbers[dots - 1] + $0 * step)
    }
    return members[..<dots] + missing + members[(dots + 1)...]
  }

  /// `[[1,2],[3,4]]` as a matrix.
  private static func rows(_ members: [Expression]) -> [[Expression]]? {
    var rows: [[Expression]] = []
    for member in members {
      guard case .bracketed(open: .square, let row, close: .square) = member,
        rows.isEmpty || rows[0].count == row.count
      else { return nil }
      rows.append(row)
    }
    return rows
  }

  /// The interval between two values, or nil where an infinite end is closed.
  func interval(_ open: Bracket, _ ends: [Expression], _ close: Bracket) -> RealSet.Piece? {
    let (low, high) = (ends[0], ends[1])
    guard low.infinitySign != 1, high.infinitySign != -1 else { return nil }
    guard low.infinitySign == nil || open == .round, high.infinitySign == nil || close == .round
    else { return nil }
    return RealSet.Piece(
      low: .init(value: low.infinitySign == nil ? low : nil, isClosed: open == .square),
      high: .init(value: high.infinitySign == nil ? high : nil, isClosed: close == .square))
  }
}

extension Constant {
  /// Whether this is a set.
  var isSet: Bool {
    switch self {
    case .pi, .euler, .imaginaryUnit, .infinity: false
    default: true
    }
  }
}

extension Expression {
  fileprivate var isEquation: Bool {
    if case .relation(_, [.equal]) = self { true } else { false }
  }

  /// Whether a plus-minus sign occurs anywhere.
  fileprivate var holdsSigns: Bool {
    if case .plusMinus = self { true } else { parts.contains { $0.holdsSigns } }
  }

  fileprivate var holdsMatrix: Bool {
    if case .matrix = self { true } else { parts.contains { $0.holdsMatrix } }
  }

  /// Whether this is written as a set.
  fileprivate var isSetLike: Bool {
    switch self {
    case .constant(let constant): constant.isSet
    case .bracketed(open: .brace, _, close: .brace), .setOperation, .setBuilder: true
    default: false
    }
  }

  /// 1 or -1 for plus or minus infinity, nil for everything else.
  var infinitySign: Int? {
    switch self {
    case .constant(.infinity): 1
    case .product(let factors):
      factors.count == 2 && factors[0] == .integer(-1) && factors[1] == .constant(.infinity)
        ? -1 : nil
    default: nil
    }
  }

  /// The values that the plus-minus signs stand for: independent, or tied together by a `\mp`.
  func alternatives(limit: Int) throws(MathTrouble) -> [Expression] {
    var signs = 0
    var isLinked = false
    countSigns(&signs, &isLinked)
    if signs == 0 { return [self] }
    guard signs < 16, isLinked || 1 << signs <= limit else { throw .limit("alternatives") }
    return (0..<(isLinked ? 2 : 1 << signs)).map { choice in
      var position = 0
      return choosing(isLinked ? (choice == 0 ? 0 : -1) : choice, &position)
    }
  }

  private func countSigns(_ count: inout Int, _ isLinked: inout Bool) {
    if case .plusMinus(_, let startsNegative) = self {
      count += 1
      isLinked = isLinked || startsNegative
    }
    if case .number = self { return }
    for part in parts { part.countSigns(&count, &isLinked) }
  }

  /// The value with the signs that the bits of a choice say, in the order of the text.
  private func choosing(_ choice: Int, _ position: inout Int) -> Expression {
    var index = position
    func visit(_ expression: Expression) -> Expression {
      expression.mapped { part in
        guard case .plusMinus(let value, let startsNegative) = part else { return nil }
        let isFlipped = choice >> min(index, 60) & 1 == 1
        index += 1
        let inner = visit(value)
        return isFlipped != startsNegative ? inner.negated : inner
      }
    }
    let chosen = visit(self)
    position = index
    return chosen
  }
}
