/// Small stories of one to four steps of calculation.
///
/// Difficulty is the number of steps. Two stories with the same calculation are the same
/// problem here, whatever they tell: the canonical key is the normalised expression.
public struct WordProblems: ProblemFamily {
  /// Makes the family.
  public init() {}

  /// `word-problems`.
  public var name: String { "word-problems" }

  /// One line for a list of families.
  public var summary: String { "little stories of one to four steps" }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...4 }

  /// The difficulties of the bundled files.
  public var usualDifficulties: ClosedRange<Int> { 2...4 }

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    let template = random.pick(Self.templates[difficulty - 1])
    let names = random.distinctIntegers(2, in: 0...(Self.names.count - 1))
    let (name, pronoun) = Self.names[names[0]]
    let words: [Character: String] = [
      "n": name, "p": pronoun, "m": Self.names[names[1]].name, "i": random.pick(Self.things),
    ]
    while true {
      let numbers = template.ranges.map { random.integer(in: $0) }
      let expression = template.answer(numbers.map(Expression.number))
      guard Self.isSensible(expression) else { continue }
      return ProblemInstance(
        question: template.filled(words: words, numbers: numbers), key: Self.key(expression),
        derivation: Derivation(expression), random: &random)
    }
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    for template in Self.templates.joined() {
      if let numbers = template.numbers(in: question) {
        return Self.key(template.answer(numbers.map(Expression.number)))
      }
    }
    return nil
  }

  /// Everything that is counted along the way is a whole number from 1 to 199.
  private static func isSensible(_ expression: Expression) -> Bool {
    if case .binary(let left, _, let right) = expression {
      guard isSensible(left), isSensible(right) else { return false }
    }
    return expression.value.map { (1...199).contains($0) } ?? false
  }

  private static func key(_ expression: Expression) -> String {
    "word-problems " + expression.canonical
  }

  private static let names: [(name: String, pronoun: String)] = [
    ("Ann", "She"), ("Ben", "He"), ("Cleo", "She"), ("Dan", "He"), ("Eva", "She"),
    ("Finn", "He"), ("Gina", "She"), ("Hugo", "He"), ("Ida", "She"), ("Jon", "He"),
    ("Kira", "She"), ("Leo", "He"), ("Mia", "She"), ("Noah", "He"), ("Olga", "She"),
    ("Paul", "He"),
  ]

  private static let things = [
    "apples", "books", "cards", "coins", "cups", "eggs", "keys", "nuts", "pens", "shells",
    "stamps", "stones",
  ]

  /// The stories by the number of their steps.
  private static let templates: [[StoryTemplate]] = [
    [
      StoryTemplate(
        "{n} has {0} {i} and gets {1} more. How many {i} now?", [2...20, 2...20]
      ) { $0[0] + $0[1] },
      StoryTemplate(
        "{n} has {0} {i} and gives away {1}. How many {i} are left?", [5...30, 2...20]
      ) { $0[0] - $0[1] },
      StoryTemplate(
        "There are {0} boxes with {1} {i} each. How many {i} in all?", [2...9, 2...12]
      ) { $0[0] * $0[1] },
      StoryTemplate(
        "{0} {i} are shared by {1} friends. How many {i} each?", [6...60, 2...9]
      ) { $0[0] / $0[1] },
    ],
    [
      StoryTemplate(
        "{n} has {0} {i}. {p} buys {1} more and loses {2}. How many {i} now?",
        [2...20, 2...20, 2...15]
      ) { $0[0] + $0[1] - $0[2] },
      StoryTemplate(
        "There are {0} rows of {1} seats. {2} seats are taken. How many are free?",
        [2...9, 2...12, 2...20]
      ) { $0[0] * $0[1] - $0[2] },
      StoryTemplate(
        "{n} reads {0} pages a day for {1} days, then {2} more. How many pages in all?",
        [2...12, 2...9, 2...20]
      ) { $0[0] * $0[1] + $0[2] },
      StoryTemplate(
        "{n} has {0} {i}. {m} has {1} more. How many {i} together?", [2...20, 2...20]
      ) { $0[0] + ($0[0] + $0[1]) },
      StoryTemplate(
        "{0} bags of {1} {i} are shared by {2} friends. How many {i} each?",
        [2...9, 2...12, 2...9]
      ) { $0[0] * $0[1] / $0[2] },
      StoryTemplate(
        "{n} had {0} {i} and found {1}. {p} packs them in {2} boxes. How many {i} in a box?",
        [5...30, 2...20, 2...9]
      ) { ($0[0] + $0[1]) / $0[2] },
    ],
    [
      StoryTemplate(
        "{n} buys {0} pens at {1} coins and {2} pads at {3} coins. How many coins in all?",
        [2...9, 2...9, 2...9, 2...9]
      ) { $0[0] * $0[1] + $0[2] * $0[3] },
      StoryTemplate(
        "A book has {0} pages. {n} reads {1} pages a day for {2} days, then {3} more."
          + " How many are left?",
        [40...120, 2...12, 2...7, 2...15]
      ) { $0[0] - ($0[1] * $0[2] + $0[3]) },
      StoryTemplate(
        "{n} has {0} {i}. {m} has {1} times as many. They give away {2}. How many are left?",
        [2...15, 2...6, 2...20]
      ) { $0[0] + $0[0] * $0[1] - $0[2] },
      StoryTemplate(
        "{n} had {0} {i}, lost {1} and then bought {2} bags of {3}. How many {i} now?",
        [10...30, 2...9, 2...6, 2...9]
      ) { $0[0] - $0[1] + $0[2] * $0[3] },
      StoryTemplate(
        "{0} boxes hold {1} {i} each. {2} break. {3} friends share the rest."
          + " How many {i} each?",
        [2...9, 3...12, 2...12, 2...6]
      ) { ($0[0] * $0[1] - $0[2]) / $0[3] },
    ],
    [
      StoryTemplate(
        "{n} buys {0} pens at {1} coins and {2} pads at {3} coins and pays with {4} coins."
          + " How many coins come back?",
        [2...6, 2...9, 2...6, 2...9, 50...120]
      ) { $0[4] - ($0[0] * $0[1] + $0[2] * $0[3]) },
      StoryTemplate(
        "{n} has {0} {i}, finds {1}, loses {2}, buys {3} and gives away {4}."
          + " How many {i} now?",
        [5...20, 2...15, 2...12, 2...20, 2...12]
      ) { $0[0] + $0[1] - $0[2] + $0[3] - $0[4] },
      StoryTemplate(
        "{n} fills {0} bags with {1} {i} and {2} bags with {3} {i}. {p} sells {4}."
          + " How many {i} are left?",
        [2...6, 2...9, 2...6, 2...9, 5...40]
      ) { $0[0] * $0[1] + $0[2] * $0[3] - $0[4] },
      StoryTemplate(
        "{n} has {0} {i} and buys {1} boxes of {2}. {p} keeps {3} and {4} friends share the"
          + " rest. How many {i} each?",
        [2...20, 2...6, 3...9, 2...10, 2...6]
      ) { ($0[0] + $0[1] * $0[2] - $0[3]) / $0[4] },
    ],
  ]
}
