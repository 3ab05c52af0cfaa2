/// A little story with slots, and the expression that answers its question.
///
/// Slots: `{n}` a name, `{p}` the pronoun that goes with it, `{m}` another name, `{i}` a kind
/// of thing, and `{0}`, `{1}`, ... the numbers. A template can be read backwards, so the
/// expression behind a story, and with it the story's canonical key, is found from its text.
struct StoryTemplate: Sendable {
  /// The text with its slots.
  let text: String
  /// The values that each number may take.
  let ranges: [ClosedRange<Int>]
  /// The answer, given the numbers.
  let answer: @Sendable ([Expression]) -> Expression

  private enum Piece {
    case literal(String)
    case slot(Character)
  }

  private let pieces: [Piece]

  init(
    _ text: String, _ ranges: [ClosedRange<Int>],
    _ answer: @escaping @Sendable ([Expression]) -> Expression
  ) {
    self.text = text
    self.ranges = ranges
    self.answer = answer
    var pieces: [Piece] = []
    var literal = ""
    var isSlot = false
    for character in text {
      switch character {
      case "{":
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = ""
        isSlot = true
      case "}": isSlot = false
      default:
        if isSlot { pieces.append(.slot(character)) } else { literal.append(character) }
      }
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    self.pieces = pieces
  }

  /// The story with its slots filled.
  func filled(words: [Character: String], numbers: [Int]) -> String {
    var result = ""
    for piece in pieces {
      switch piece {
      case .literal(let literal): result += literal
      case .slot(let slot):
        if let index = slot.wholeNumberValue {
          result += String(numbers[index])
        } else {
          result += words[slot] ?? ""
        }
      }
    }
    return result
  }

  /// The numbers of a story that this template tells, or nil for another story.
  func numbers(in story: String) -> [Int]? {
    var reader = QuestionReader(story)
    var numbers = [Int?](repeating: nil, count: ranges.count)
    var words: [Character: String] = [:]
    for piece in pieces {
      switch piece {
      case .literal(let literal):
        guard reader.take(literal) else { return nil }
      case .slot(let slot):
        if let index = slot.wholeNumberValue {
          guard let number = reader.number(), numbers[index] ?? number == number else {
            return nil
          }
          numbers[index] = number
        } else {
          guard let word = reader.word(), words[slot] ?? word == word else { return nil }
          words[slot] = word
        }
      }
    }
    return reader.isAtEnd ? numbers.compactMap(\.self) : nil
  }
}
