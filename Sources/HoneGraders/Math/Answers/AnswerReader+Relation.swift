extension AnswerReader {
  // MARK: - Lists

  /// Several answers: solutions of one variable, named values, inequalities, or just members.
  func list(_ members: [Expression], _ separators: [Separator]) throws(MathTrouble) -> Answer {
    if let answer = try restricted(members, separators) { return answer }
    let isPlain = separators.allSatisfy { $0 == .comma || $0 == .semicolon }
    let parts = try answers(
      isPlain ? Self.expanded(members, limit: limits.members) : members)
    if let set = try combined(parts, separators) { return set }
    if let sum = try compound(parts, separators) { return sum }
    if separators.contains(.or), Self.areNamedDifferently(parts) {
      throw .unreadable("alternatives of different variables")
    }
    if let record = Self.named(parts, areAlternatives: separators.contains(.or)) { return record }
    let flat = parts.flatMap { part -> [Answer] in
      if case .collection(let inner, isBraced: false) = part { inner } else { [part] }
    }
    return .collection(flat, isBraced: false)
  }

  /// `12 dollars and 40 cents`: a quantity in two units of one dimension, the smaller one behind.
  private func compound(_ parts: [Answer], _ separators: [Separator]) throws(MathTrouble) -> Answer?
  {
    guard separators == [.and], case .quantity(let first) = parts[0],
      case .quantity(let second) = parts[1], let unit = first.unit, let smaller = second.unit,
      unit.dimensions == smaller.dimensions, !unit.isNoun, smaller.factor < unit.factor
    else { return nil }
    return .quantity(
      try quantity(
        .sum([
          .product([first.expression, .unit(unit)]), .product([second.expression, .unit(smaller)]),
        ])))
  }

  /// `x > 1 \text{ and } x \le 9` and `x < 1 \text{ or } x > 3`: one set of one variable.
  private func combined(_ parts: [Answer], _ separators: [Separator]) throws(MathTrouble) -> Answer?
  {
    var sets: [RealSet] = []
    var variable: String?
    var hasInterval = false
    for part in parts {
      switch part {
      case .realSet(let set, let name):
        hasInterval = true
        sets.append(set)
        if let name {
          guard variable == nil || variable == name else { return nil }
          variable = name
        }
      case .labelled(let label, .quantity(let quantity)) where label.parameters.isEmpty:
        guard variable == nil || variable == label.name else { return nil }
        variable = label.name
        sets.append(RealSet(pieces: [RealSet.point(quantity.value)]))
      case .quantity(let quantity) where sets.last?.isComplementOfPoint == true:
        // `x \ne 1, -1`
        sets.append(.without(quantity.value))
      default: return nil
      }
    }
    guard hasInterval, variable != nil else { return nil }
    if separators.allSatisfy({ $0 == .or || $0 == .comma }), separators.contains(.or) {
      return .realSet(RealSet(pieces: sets.flatMap(\.pieces)), variable: variable)
    }
    guard separators.allSatisfy({ $0 == .and || $0 == .comma || $0 == .newline }) else {
      return nil
    }
    // A comma between a lower and an upper bound means both, as one before `x \ne 3` does.
    let others = sets.filter { !$0.isComplementOfPoint }
    guard
      separators.contains(.and) || others.isEmpty || others.count == 1 && sets.count > 1
        || others.count == 2 && others[0].isHalfLine && others[1].isHalfLine
    else { return nil }
    let order = ScalarOrder(meter: meter)
    var result = sets[0]
    for set in sets.dropFirst() { result = try order.intersection(result, set) }
    if result.pieces.isEmpty, separators.allSatisfy({ $0 == .comma }) {
      // Nobody lists conditions that exclude each other but as alternatives.
      result = RealSet(pieces: sets.flatMap(\.pieces))
    }
    return .realSet(result, variable: variable)
  }

  /// Whether values are named by different variables, numbers below them aside.
  private static func areNamedDifferently(_ parts: [Answer]) -> Bool {
    var bases: Set<Substring> = []
    for part in parts {
      guard case .labelled(let label, _) = part else { continue }
      bases.insert(label.name.prefix { $0 != "_" })
    }
    return bases.count > 1
  }

  /// Values that are named: of one variable a set of values, of several a record.
  ///
  /// Alternatives are values of one variable only: `a = 2` or `b = 5` is no record.
  private static func named(_ parts: [Answer], areAlternatives: Bool) -> Answer? {
    var entries: [(label: Label, value: Answer)] = []
    for (index, part) in parts.enumerated() {
      if case .labelled(let label, let value) = part {
        entries.append((label, value))
      } else if index > 0, let first = entries.first, entries.count == index, case .quantity = part
      {
        // `n = 2, 3, 4` names all of them.
        entries.append((first.label, part))
      } else {
        return nil
      }
    }
    let names = entries.map(\.label.name)
    if names.allSatisfy({ $0 == names[0] }) {
      return .labelled(entries[0].label, .collection(entries.map(\.value), isBraced: false))
    }
    // `x_1 = 8, x_2 = 3` are the values of x.
    let bases = names.map { name in name.split(separator: "_").first.map(String.init) ?? name }
    let isNumbered = zip(names, bases).allSatisfy { $0 != $1 } && Set(names).count == names.count
    if isNumbered, bases.allSatisfy({ $0 == bases[0] }) {
      return .labelled(
        Label(name: bases[0]), .collection(entries.map(\.value), isBraced: false))
    }
    guard Set(names).count == names.count, !areAlternatives else { return nil }
    return .record(entries)
  }

  // MARK: - Relations

  func relation(_ members: [Expression], _ relations: [Relation]) throws(MathTrouble) -> Answer {
    if relations.allSatisfy({ $0 == .equal || $0 == .approximately }) {
      return try equation(members)
    }
    if relations == [.member] {
      if case .bracketed(open: .round, let names, close: .round) = members[0],
        names.allSatisfy({ $0.variableName != nil }),
        case .collection(let points, let isBraced) = try answer(members[1])
      {
        // `(x,y) \in \{(1,2),(3,4)\}`
        return .collection(points, isBraced: isBraced)
      }
      guard let label = Self.label(members[0]) else { throw .unreadable("an element of a set") }
      let set = try answer(members[1])
      if case .realSet(let set, _) = set { return .realSet(set, variable: label.name) }
      if case .tuple(let ends, let open, let close) = set, let piece = interval(ends, open, close) {
        return .realSet(RealSet(pieces: [piece]), variable: label.name)
      }
      return .labelled(label, set)
    }
    if relations == [.notEqual], let name = members[0].variableName {
      var set = RealSet.all
      let values = try members[1].alternatives(limit: limits.alternatives)
      if values.allSatisfy(\.isConstant) {
        for value in values {
          set =
            values.count == 1
            ? .without(value)
            : try ScalarOrder(meter: meter).intersection(set, .without(value))
        }
        return .realSet(set, variable: name)
      }
    }
    if let solved = Self.solved(members, relations) { return solved }
    return .relation(members, relations)
  }

  /// A tuple of two values as an interval.
  func interval(_ ends: [Answer], _ open: Bracket, _ close: Bracket) -> RealSet.Piece? {
    guard ends.count == 2, open == .round || open == .square, close == .round || close == .square,
      case .quantity(let low) = ends[0], case .quantity(let high) = ends[1]
    else { return nil }
    return interval(open, [low.expression, high.expression], close)
  }

  /// `x = 5`: a value with a name; several signs must agree; anything else is an equation.
  private func equation(_ members: [Expression]) throws(MathTrouble) -> Answer {
    let relations = Array(repeating: Relation.equal, count: members.count - 1)
    if case .bracketed(open: .round, let names, close: .round) = members[0], members.count == 2 {
      let labels = names.compactMap(Self.label)
      let value = try answer(members[1])
      if labels.count == names.count, case .tuple(let values, _, _) = value,
        values.count == labels.count
      {
        return .record(Array(zip(labels, values)))
      }
      return .relation(members, relations)
    }
    if members.count == 2, case .ratio(let names) = members[0], case .ratio(let parts) = members[1],
      names.count == parts.count, names.allSatisfy({ Self.label($0) != nil }),
      parts.allSatisfy(\.isConstant)
    {
      // `a : b = 3 : 4`
      return .ratio(parts)
    }
    let values: [Expression]
    var label = Self.label(members[0])
    if let label,
      members.dropFirst().allSatisfy({ !$0.mentions(label.name) }) || !label.parameters.isEmpty
    {
      values = Array(members.dropFirst())
    } else if members.allSatisfy(\.isConstant) {
      label = nil
      values = members
    } else if members.count == 2, members[0].isConstant, let name = Self.label(members[1]) {
      // `5 = x`
      label = name
      values = [members[0]]
    } else {
      return .relation(members, relations)
    }
    // All members after the name say the same, or the answer contradicts itself.
    let order = ScalarOrder(meter: meter)
    guard let last = values.last else { throw .unreadable("an equation without a value") }
    let value = try answer(last)
    if values.count > 1 {
      guard case .quantity = value else { throw .unreadable("a chain of equations") }
      for other in values.dropLast() {
        guard case .quantity(let known) = try answer(other), case .quantity(let final) = value,
          try order.areEqual(known.value, final.value)
        else { throw .unreadable("the members of the equation are not equal") }
      }
    }
    guard var label else { return value }
    if !label.parameters.isEmpty, !label.parameters.contains(where: { last.mentions($0) }) {
      // `P(A) = 1/3` names a value; only `f(x) = 3x` defines a function.
      label = Label(name: "\(label.name)(\(label.parameters.joined(separator: ",")))")
    }
    return .labelled(label, value)
  }

  /// What may stand on the left of an equals sign as a name.
  static func label(_ expression: Expression) -> Label? {
    if let name = expression.variableName { return Label(name: name) }
    switch expression {
    case .constant(.euler): return Label(name: "e")
    case .text(let words): return Label(name: words.lowercased())
    case .apply(.named(let name), let arguments):
      let parameters = arguments.compactMap(\.variableName)
      if parameters.count == arguments.count, Set(parameters).count == parameters.count {
        return Label(name: name, parameters: parameters)
      }
      return Label(name: "\(name)(\(arguments.map(\.plain).joined(separator: ",")))")
    case .apply(.derivative, let arguments):
      return Label(name: "derivative \(arguments.map(\.plain).joined(separator: "/"))")
    case .apply(.absolute, let arguments): return arguments.first.flatMap(geometric)
    case .product(let factors) where factors.count == 2 && factors[1].variableName != nil:
      // `f^{-1}(x)`
      guard case .power(.symbol(let name), .number(let exponent)) = factors[0],
        exponent.value == Rational(-1), ["f", "g", "h"].contains(name),
        let argument = factors[1].variableName
      else { return geometric(expression) }
      return Label(name: name + "^-1", parameters: [argument])
    case .product: return geometric(expression)
    default: return nil
    }
  }

  /// `AB`, `\angle ABC`, `\triangle ABC`: points named by capital letters.
  private static func geometric(_ expression: Expression) -> Label? {
    guard case .product(let factors) = expression, factors.count <= 6 else { return nil }
    var names: [String] = []
    for factor in factors {
      switch factor {
      case .symbol(let name):
        guard name == "angle" || name == "triangle" || name.first?.isUppercase ?? false else {
          return nil
        }
        names.append(name)
      case .product: names.append(geometric(factor)?.name ?? "?")
      default: return nil
      }
    }
    return names.contains("?") ? nil : Label(name: names.joined())
  }

  /// An inequality with the variable alone: a half line, or an interval from a chain.
  private static func solved(_ members: [Expression], _ relations: [Relation]) -> Answer? {
    var (members, relations) = (members, relations)
    if relations.allSatisfy({ $0 == .greater || $0 == .greaterEqual }) {
      members.reverse()
      relations = relations.reversed().map(\.flipped)
    }
    guard relations.allSatisfy({ $0 == .less || $0 == .lessEqual }) else { return nil }
    func end(_ expression: Expression, _ relation: Relation) -> RealSet.End? {
      guard expression.isConstant || expression.infinitySign != nil else { return nil }
      let isInfinite = expression.infinitySign != nil
      return RealSet.End(
        value: isInfinite ? nil : expression, isClosed: relation == .lessEqual && !isInfinite)
    }
    let infinity = RealSet.End(value: nil, isClosed: false)
    let piece: RealSet.Piece
    let name: String
    if members.count == 2, let variable = members[0].variableName,
      let high = end(members[1], relations[0])
    {
      (piece, name) = (.init(low: infinity, high: high), variable)
    } else if members.count == 2, let variable = members[1].variableName,
      let low = end(members[0], relations[0])
    {
      (piece, name) = (.init(low: low, high: infinity), variable)
    } else if members.count == 3, let variable = members[1].variableName,
      let low = end(members[0], relations[0]), let high = end(members[2], relations[1])
    {
      (piece, name) = (.init(low: low, high: high), variable)
    } else {
      return nil
    }
    return .realSet(RealSet(pieces: [piece]), variable: name)
  }
}

extension Expression {
  /// Whether no variable occurs; signs that stand for two values are no constants.
  var isConstant: Bool {
    switch self {
    case .number: return true
    case .symbol, .plusMinus, .text, .unit: return false
    case .constant(let constant): return !constant.isSet && constant != .infinity
    case .list, .bracketed, .relation, .congruence, .setOperation, .setBuilder, .matrix, .ratio:
      return false
    case .apply(.named, _), .apply(.derivative, _): return false
    default:
      var names: Set<String> = []
      collectSymbols(&names)
      return names.isEmpty
        && parts.allSatisfy { part in
          if case .constant(.infinity) = part { true } else { part.isValue }
        }
    }
  }

  /// Whether this can be a part of a single value.
  private var isValue: Bool {
    switch self {
    case .list, .bracketed, .relation, .congruence, .setOperation, .setBuilder, .ratio, .text,
      .plusMinus, .unit:
      false
    default: true
    }
  }

  /// Whether a variable of that name occurs.
  func mentions(_ name: String) -> Bool {
    var names: Set<String> = []
    collectSymbols(&names)
    return names.contains(name)
  }
}
