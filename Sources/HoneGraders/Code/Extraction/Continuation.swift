/// Puts a completion and the prompt that it continues together to one program.
struct Continuation {
  /// The prompt, which begins a function.
  let prompt: String
  /// The function's name.
  let entryPoint: String

  /// A program, and the rule that made it one.
  ///
  /// - Parameters:
  ///   - body: what the policy wrote.
  ///   - isBlock: whether it stood in a block, so that it begins on a line of its own.
  /// - Returns: What the prompt has before the function, then the body, where the body defines
  ///   the function itself; the prompt and the body otherwise.
  func program(_ body: [UInt8], isBlock: Bool) -> (source: [UInt8], rule: String) {
    let prompt = Array(prompt.utf8)
    if Self.definition(of: entryPoint, in: body) != nil {
      let preamble = Self.definition(of: entryPoint, in: prompt).map { prompt[..<$0] } ?? []
      return (Array(preamble) + body, "which defines \(entryPoint)")
    }
    let needsBreak = isBlock && !prompt.isEmpty && prompt.last != UInt8(ascii: "\n")
    return (prompt + (needsBreak ? [UInt8(ascii: "\n")] : []) + body, "after the prompt")
  }

  /// Where the last line begins that is `def name` or `async def name` without indentation.
  static func definition(of name: String, in text: [UInt8]) -> Int? {
    var found: Int?
    var reader = LineReader(text[...])
    while let line = reader.next() {
      var rest = text[line.start..<line.end]
      if let after = afterWord("async", in: rest) { rest = after }
      guard let after = afterWord("def", in: rest), after.starts(with: name.utf8) else { continue }
      let next = after.dropFirst(name.utf8.count).first
      if next.map({ $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "[") || isSpace($0) }) ?? true {
        found = line.start
      }
    }
    return found
  }

  /// What follows a word and at least one blank, or nil.
  private static func afterWord(
    _ word: String, in text: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    guard text.starts(with: word.utf8) else { return nil }
    let rest = text.dropFirst(word.utf8.count)
    let after = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    return after.startIndex > rest.startIndex ? after : nil
  }
}
