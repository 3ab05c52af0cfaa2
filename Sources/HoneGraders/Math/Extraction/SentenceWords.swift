/// The words around an answer in its sentence, in lower case, as far as they can change what it says.
///
/// Commands, dollar signs and emphasis are skipped; numbers and operators are `#`, since what stands
/// behind them is said of them; a sign of inequality is `≠` and a comma is `,`.
struct SentenceWords {
  /// Most bytes that are looked at on either side.
  private static let reach = 200

  private(set) var words: [String] = []

  init(words: [String]) { self.words = words }

  /// The words of a text.
  init(_ bytes: ArraySlice<UInt8>) {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        let name = bytes[(index + 1)...].prefix(while: Self.isLetter)
        if ["ne", "neq", "not"].contains(where: { name.elementsEqual($0.utf8) }) {
          words.append("≠")
        }
        index += 1 + max(1, name.count)
        continue
      }
      if Self.isLetter(byte) {
        let run = bytes[index...].prefix {
          Self.isLetter($0) || $0 == UInt8(ascii: "'") || $0 >= 0x80
        }
        let word = String(decoding: run, as: UTF8.self).lowercased()
        words.append(word.contains("’") ? word.split(separator: "’").joined(separator: "'") : word)
        index = run.endIndex
        continue
      }
      switch byte {
      case UInt8(ascii: "!") where bytes[(index + 1)...].first == UInt8(ascii: "="):
        words.append("≠")
        index += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "<"),
        UInt8(ascii: ">"):
        words.append("#")
      case UInt8(ascii: ","): words.append(",")
      case 0x80...:
        let run = bytes[index...].prefix { $0 >= 0x80 }
        words.append(String(decoding: run, as: UTF8.self) == "≠" ? "≠" : "#")
        index = run.endIndex - 1
      default: break
      }
      index += 1
    }
  }

  /// The words of the sentence that ends at a place.
  ///
  /// - Parameter reach: Most bytes of it.
  static func before(
    _ place: Int, in bytes: ArraySlice<UInt8>, reach: Int = reach
  ) -> SentenceWords {
    SentenceWords(bytes[start(of: place, in: bytes, reach: reach)..<place])
  }

  /// Where the sentence begins that a place is in.
  static func start(
    of place: Int, in bytes: ArraySlice<UInt8>, from bound: Int? = nil, reach: Int = reach
  ) -> Int {
    let first = max(bound ?? bytes.startIndex, bytes.startIndex, place - reach)
    var start = place
    // White space and marks directly in front belong to the sentence, whatever they are.
    while start > first, " \n\t$*_\\[({".utf8.contains(bytes[start - 1]) {
      if bytes[start - 1] == UInt8(ascii: "\n"), start < place,
        isEnd(bytes, start - 2, first)
      {
        return start
      }
      start -= 1
    }
    while start > first {
      let byte = bytes[start - 1]
      if byte == UInt8(ascii: "\n") { break }
      if ".!?".utf8.contains(byte), start < bytes.endIndex, isSpace(bytes[start]) { break }
      start -= 1
    }
    return start
  }

  private static func isEnd(_ bytes: ArraySlice<UInt8>, _ index: Int, _ first: Int) -> Bool {
    index >= first && ".!?\n".utf8.contains(bytes[index])
  }

  /// The first words behind a place, up to the end of the sentence, and how that ends.
  static func behind(
    _ place: Int, in bytes: ArraySlice<UInt8>
  ) -> (words: SentenceWords, end: UInt8?) {
    let rest = bytes[place...].prefix(reach)
    let end = rest.indices.first { index in
      ".!?\n".utf8.contains(rest[index])
        && (index + 1 == rest.endIndex || isSpace(rest[index + 1])
          || rest[index] == UInt8(ascii: "\n"))
    }
    let words = rest[..<(end ?? rest.endIndex)].prefix(50)
    return (SentenceWords(words), end.map { rest[$0] })
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  // MARK: - What the words say

  /// The words without those at the end that a claim may hold anyway.
  func dropping(_ fillers: Set<String>) -> [String] {
    var kept = words
    while let last = kept.last, fillers.contains(last) { kept.removeLast() }
    return kept
  }

  /// Whether what follows is denied: "not", "cannot be equal to", "rather than".
  var denyWhatFollows: Bool {
    let kept = dropping(Self.fillers)
    guard let last = kept.last else { return false }
    if Self.negations.contains(last) || last == "≠" || last == "nor" || last == "except" {
      return true
    }
    let previous = kept.dropLast().last ?? ""
    return last == "than" && ["rather", "other"].contains(previous)
      || last == "of" && previous == "instead"
  }

  /// Whether what follows, a claim such as "the answer is", is supposed, asked or doubted.
  var supposeWhatFollows: Bool {
    let kept = dropping(Self.determiners)
    guard let last = kept.last else { return false }
    return Self.suppositions.contains(last) || Self.rejections.contains(last)
      || Self.isDisbelief(kept)
  }

  /// Whether what follows directly, without a claim, is supposed, or is what nobody would say.
  var supposeDirectly: Bool {
    words.last.map(Self.suppositions.contains) ?? false || Self.isDisbelief(words)
  }

  private static func isDisbelief(_ words: [String]) -> Bool {
    guard let last = words.last, beliefs.contains(last) else { return false }
    return words.suffix(4).contains {
      negations.contains($0) || ["nobody", "hardly", "no"].contains($0)
    }
  }

  /// Whether the words before "answer" say that it is a wrong one.
  var nameAWrongOne: Bool { words.last.map(Self.wrong.contains) ?? false }

  /// Whether these words, behind an answer, reject it: "is wrong", "is not the answer".
  var rejectWhatPrecedes: Bool {
    var rest = words[...]
    func skip(_ fillers: Set<String>) {
      while let first = rest.first, fillers.contains(first) { rest.removeFirst() }
    }
    guard let verb = rest.popFirst() else { return false }
    let isNegative = Self.negations.contains(verb)
    guard
      isNegative
        || ["is", "was", "are", "seems", "looks", "would", "must", "cannot"].contains(verb)
    else { return false }
    skip([
      "be", "to", "clearly", "obviously", "definitely", "certainly", "also", "just", "simply",
      "therefore",
    ])
    guard let next = rest.first else { return isNegative }
    if !isNegative, Self.wrong.contains(next) || next == "impossible" || next == "invalid" {
      return true
    }
    guard isNegative || next == "not" else { return false }
    if !isNegative { rest.removeFirst() }
    skip(["the", "a", "be", "our", "final", "actually", "really"])
    return rest.first.map { Self.right.contains($0) } ?? true
  }

  /// Whether these words, the beginning of a sentence, offer another answer beside an earlier one.
  var offerAnother: Bool {
    guard let first = words.first else { return false }
    let second = words.dropFirst().first ?? ""
    if Self.alternatives.contains(first) { return true }
    if ["second", "third", "fourth", "other"].contains(first)
      || ["the", "a"].contains(first) && ["second", "third", "other"].contains(second)
    {
      return words.prefix(4).contains(where: Self.candidates.contains)
    }
    if Self.labels.contains(first), second == "#" || second.utf8.count == 1 { return true }
    if first == "if", second == "not" { return true }
    for (word, next) in zip(words, words.dropFirst())
    where ["may", "might", "could", "can"].contains(word)
      && ["also", "equally", "alternatively"].contains(next)
    {
      return true
    }
    return false
  }

  /// Whether nothing but joining words stands here.
  var onlyJoin: Bool { words.allSatisfy { $0 == "," || Self.joining.contains($0) } }

  static let negations: Set<String> = [
    "not", "cannot", "can't", "isn't", "never", "couldn't", "wouldn't", "shouldn't", "doesn't",
    "don't", "didn't", "won't", "wasn't", "aren't", "neither",
  ]
  private static let fillers: Set<String> = [
    "equal", "to", "be", "the", "answer", "final", "exactly", "simply", "actually", "just", "only",
    "really", "value", "correct", "equals", "necessarily",
  ]
  private static let determiners: Set<String> = [
    "the", "final", "correct", "right", "our", "my", "this", "that", "numerical", "actual", "an",
    "a", "then",
  ]
  private static let suppositions: Set<String> = [
    "suppose", "supposing", "supposed", "assume", "assuming", "assumed", "imagine", "pretend",
    "whether", "if", "hypothesize", "unless", "until", "wonder", "wondering",
  ]
  private static let rejections: Set<String> = [
    "doubt", "deny", "wrong", "false", "incorrect", "untrue", "impossible", "unlikely",
  ]
  private static let beliefs: Set<String> = [
    "think", "believe", "true", "case", "sure", "say", "certain", "convinced", "claim", "clear",
    "mean",
    "conclude", "follow", "follows",
  ]
  private static let wrong: Set<String> = [
    "wrong", "incorrect", "false", "mistaken", "bad", "naive",
  ]
  private static let right: Set<String> = [
    "correct", "right", "answer", "it", "true", "valid", "possible", "allowed", "solution",
  ]
  private static let alternatives: Set<String> = [
    "or", "alternatively", "otherwise", "another", "either",
  ]
  private static let candidates: Set<String> = [
    "candidate", "answer", "solution", "possibility", "option", "choice", "value", "guess",
  ]
  private static let labels: Set<String> = [
    "case", "answer", "option", "candidate", "solution", "possibility", "alternative", "choice",
    "guess", "attempt",
  ]
  private static let joining: Set<String> = [
    "or", "and", "also", "alternatively", "maybe", "perhaps", "possibly", "either", "otherwise",
    "else", "another", "even",
  ]
}
