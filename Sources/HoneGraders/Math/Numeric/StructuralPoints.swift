/// Points on all sides of the places where the formula of a value changes, and on these places.
///
/// Drawn from the same hash as the other points: which side is looked at cannot be chosen, how far
/// from the place it is looked at cannot be guessed.
struct StructuralPoints {
  private(set) var points: [[String: Rational]] = []
  /// Whether every place was covered.
  private(set) var isCovered = true

  private var form: Piecewise
  private let variables: [(name: String, atom: Int)]
  private let whole: Set<String>
  private var source: PointSource
  private let limit: Int
  private let meter: Meter

  /// - Parameters:
  ///   - whole: The variables that stand for whole numbers.
  ///   - staysSmall: Whether these must be small: below a factorial or a sum sign.
  ///   - limit: Most points.
  init(
    _ form: Piecewise, variables: [(name: String, atom: Int)], whole: Set<String>,
    staysSmall: Bool, source: PointSource, limit: Int, meter: Meter
  ) throws(MathTrouble) {
    self.form = form
    self.variables = variables
    self.whole = whole
    self.source = source
    self.limit = limit
    self.meter = meter
    if variables.count == 1, !whole.isEmpty {
      try wholeNumbers(staysSmall: staysSmall)
    } else if !whole.isEmpty {
      for round in 0..<24 { mixed(round, staysSmall: staysSmall) }
    } else if variables.count == 1 {
      try line()
    } else {
      try walks()
    }
    isCovered = isCovered && self.form.isCovered && points.count <= limit
    points.removeLast(max(0, points.count - limit))
  }

  private func values(_ point: [Int: Rational]) -> [String: Rational] {
    var values: [String: Rational] = [:]
    for (name, atom) in variables { values[name] = point[atom] }
    return values
  }

  // MARK: - One variable

  /// All gaps between neighbours, the places themselves, and their neighbours at one and a half.
  private mutating func line() throws(MathTrouble) {
    let variable = variables[0]
    let far = 10 + Int(source.next() % 1_000)
    let places = try form.places(
      along: variable.atom, at: [:], steps: [-far, -2, -1, 0, 1, 2, 3, far, far + 1], meter: meter)
    var values = between(places)
    values += places
    if places.count <= 2 || !form.steps.isEmpty && places.count <= 9 {
      for place in places {
        for distance in [Rational(1), Rational(1, 2)] {
          values += [place - distance, place + distance]
        }
      }
    }
    if form.hasWaves { for domain in 0..<12 { values.append(source.value(domain: domain)) } }
    if !form.steps.isEmpty {
      values += [Rational(1, 2), Rational(-1, 2), .zero, .one, Rational(-1)]
    }
    for value in values { points.append([variable.name: value]) }
  }

  /// A value in every gap between neighbours and beyond both ends.
  private mutating func between(_ places: [Rational]) -> [Rational] {
    guard let first = places.first, let last = places.last else {
      return (0..<6).map { source.value(domain: $0) }
    }
    var values: [Rational] = []
    for (low, high) in zip(places, places.dropFirst()) {
      values.append(low + (high - low) * share())
    }
    for (end, sign) in [(first, Rational(-1)), (last, .one)] {
      let size = end.magnitude + .one
      values.append(end + sign * size * share())
      values.append(end + sign * size * Rational(10_000_000) * share())
    }
    return values
  }

  /// A fraction between zero and one, of few bits.
  private mutating func share() -> Rational { Rational(1 + Int(source.next() % 1022), 1024) }

  // MARK: - Several variables

  /// Walks through the cells: every pattern of signs is a start, and each step goes to another gap
  /// along one of the axes.
  private mutating func walks() throws(MathTrouble) {
    let count = variables.count
    guard count <= 6 else { return isCovered = false }
    let patterns = 1 << min(count, 4)
    for pattern in 0..<patterns {
      var point: [Int: Rational] = [:]
      for (position, variable) in variables.enumerated() {
        let scale = [1, 8, 40][Int(source.next() % 3)]
        let size = Rational(scale) * share() + (source.next() % 2 == 0 ? .one : .zero)
        let isNegative = pattern >> (position % 4) & 1 == 1
        point[variable.atom] = isNegative ? -size : size
      }
      points.append(values(point))
      for offset in 0..<count {
        let variable = variables[(pattern + offset) % count]
        let near = Int(source.next() % 40) - 20
        var places = try form.places(
          along: variable.atom, at: point, steps: [near, 0, near + 1], meter: meter)
        if places.count > 6 {
          let start = Int(source.next() % UInt64(places.count - 5))
          places = Array(places[start..<(start + 6)])
        }
        guard !places.isEmpty else { continue }
        let gaps = between(places)
        let taken = Int(source.next() % UInt64(gaps.count))
        for gap in pattern < 4 ? gaps : [gaps[taken]] {
          var other = point
          other[variable.atom] = gap
          points.append(values(other))
        }
        if form.hasJumps {
          for place in pattern < 4 ? places[...] : places.prefix(1) {
            var other = point
            other[variable.atom] = place
            points.append(values(other))
          }
        }
        // Far out the other places are too far to be met.
        point[variable.atom] =
          taken + 1 < gaps.count && taken + 3 != gaps.count ? gaps[taken] : gaps[0]
      }
    }
    guard !form.steps.isEmpty else { return }
    for _ in 0..<12 {
      var point: [Int: Rational] = [:]
      for variable in variables {
        let number = Rational(Int(source.next() % 9) - 4)
        point[variable.atom] =
          [number, number + Rational(1, 2), number + share()][Int(source.next() % 3)]
      }
      points.append(values(point))
    }
  }

  // MARK: - Whole numbers

  private mutating func wholeNumbers(staysSmall: Bool) throws(MathTrouble) {
    let variable = variables[0]
    var numbers: [Rational] = (0...12).map { Rational($0) }
    if !staysSmall {
      for place in try form.places(along: variable.atom, at: [:], steps: [1, 2, 7], meter: meter) {
        let below = Rational(place.floor)
        numbers += [below, below + .one, below - .one]
      }
      for size in [1_000, 1_000_000, 1_000_000_000_000] {
        let number = size + Int(source.next() % UInt64(size))
        numbers += [Rational(number), Rational(number + 1)]
      }
    }
    for number in numbers where !number.isNegative { points.append([variable.name: number]) }
  }

  /// Whole numbers of several sizes beside any other values.
  private mutating func mixed(_ round: Int, staysSmall: Bool) {
    var point: [String: Rational] = [:]
    for (name, _) in variables {
      guard whole.contains(name) else {
        point[name] = source.value(domain: round + Int(source.next() % 6))
        continue
      }
      let size = staysSmall ? 8 : [4, 12, 100, 1_000_000][Int(source.next() % 4)]
      point[name] = Rational(Int(source.next() % UInt64(size)))
    }
    points.append(point)
  }
}
