import HoneGraders
import HoneJSON

/// One problem: what is asked, what is right, and who judges it.
public struct Problem: Sendable, Hashable {
  /// Where a problem was read.
  public struct Source: Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line, counted from 1.
    public var line: Int

    /// Makes a place.
    public init(file: String, line: Int) {
      self.file = file
      self.line = line
    }

    /// `file:line`.
    public var description: String { "\(file):\(line)" }
  }

  /// The name, unique within its set.
  public var id: String
  /// The text that the prompt template wraps.
  public var question: String
  /// The reference answer, or nil where tests or the question itself decide.
  public var answer: String?
  /// The name of the grader that judges completions.
  public var grader: String
  /// The family, if it was drawn from one.
  public var family: String?
  /// The family's difficulty, or the level that a file gives.
  public var difficulty: Int?
  /// The tests of a code problem, as they were read.
  public var tests: JSON?
  /// A demonstration: a completion to learn from.
  public var completion: String?
  /// The style of the demonstration, if its family made it.
  public var style: DemonstrationStyle?
  /// Settings for the grader that the row carries, such as `policy` and `mode`.
  public var settings: JSONObject
  /// Where it was read, or nil if it was made.
  public var source: Source?

  /// Makes a problem.
  public init(
    id: String, question: String, answer: String?, grader: String = "math",
    family: String? = nil, difficulty: Int? = nil, tests: JSON? = nil,
    completion: String? = nil, style: DemonstrationStyle? = nil, settings: JSONObject = [:],
    source: Source? = nil
  ) {
    self.id = id
    self.question = question
    self.answer = answer
    self.grader = grader
    self.family = family
    self.difficulty = difficulty
    self.tests = tests
    self.completion = completion
    self.style = style
    self.settings = settings
    self.source = source
  }

  /// Where it is, for messages: `file:line: problem 'id'`, without a place where it was made.
  package var place: String {
    (source.map { "\($0): " } ?? "") + "problem '\(id)'"
  }

  /// What two wordings of one problem have in common.
  ///
  /// The family's canonical key where the family is known and reads the question; otherwise the
  /// question in lower case, with punctuation and spaces reduced to single spaces.
  public var canonicalKey: String {
    if let family, let known = Families.known(family),
      let key = known.canonicalKey(question: question)
    {
      return key
    }
    return "text " + Self.normalized(CanonicalOrder.sorted(question))
  }

  /// A completion of this problem, ready to be graded.
  ///
  /// - Parameters:
  ///   - completion: The text, without the prompt.
  ///   - id: A name for the sample; the problem's own unless given.
  ///   - tokens: Its length in tokens, if known.
  ///   - maximumTokens: The longest completion allowed, if there was a bound.
  ///   - isTruncated: Whether it ended at that bound rather than by itself.
  public func submission(
    completion: String, id: String? = nil, tokens: Int? = nil, maximumTokens: Int? = nil,
    isTruncated: Bool = false
  ) -> Submission {
    var fields = settings
    if let tests { fields["tests"] = tests }
    return Submission(
      id: id ?? self.id, completion: completion, reference: answer, prompt: question,
      fields: fields, completionTokens: tokens, maximumTokens: maximumTokens,
      isTruncated: isTruncated)
  }

  private static let signs = Set("+-*/=<>^_%\\{}()".utf8)

  /// Letters, digits and signs that carry meaning in mathematics; everything else separates.
  private static func normalized(_ text: String) -> String {
    if let words = normalizedASCII(text) { return words }
    var words: [String] = []
    var word = ""
    for character in text.lowercased() {
      let isSign = character.asciiValue.map(signs.contains) ?? false
      if character.isLetter || character.isNumber || isSign {
        word.append(character)
      } else if !word.isEmpty {
        words.append(word)
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    return words.joined(separator: " ")
  }

  /// The same, a byte at a time, of a text that is ASCII; nil for others.
  private static func normalizedASCII(_ text: String) -> String? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isBehindSpace = true
    for byte in text.utf8 {
      switch byte {
      case 0x80...: return nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        bytes.append(byte)
      case _ where signs.contains(byte): bytes.append(byte)
      default:
        if !isBehindSpace { bytes.append(UInt8(ascii: " ")) }
        isBehindSpace = true
        continue
      }
      isBehindSpace = false
    }
    if bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
