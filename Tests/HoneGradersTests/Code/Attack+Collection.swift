import Foundation

/// A collection of attacks beside the checkout, in another form.
///
/// The first line of a file is `# ATTACK 01 name | format: call | what it does | CORRECT VERDICT: …`.
extension Attack {
  /// Where the collection is, if it is at hand.
  static let collection: URL = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["HONE_SHARED"]
      ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
    return URL(fileURLWithPath: shared).appendingPathComponent("graders/attacks")
  }()

  static let hasCollection = FileManager.default.fileExists(
    atPath: collection.appendingPathComponent("tasks.json").path)

  /// The programs of the collection, in order.
  static func collected() throws -> [Attack] {
    try FileManager.default.contentsOfDirectory(atPath: collection.path).sorted().compactMap {
      file in
      guard file.hasSuffix(".py"), file.first?.isNumber == true else { return nil }
      let text = try String(contentsOf: collection.appendingPathComponent(file), encoding: .utf8)
      let parts = text.prefix { !$0.isNewline }.components(separatedBy: " | ")
      guard parts.count >= 4, let format = Format(rawValue: String(parts[1].dropFirst(8))),
        let verdict = parts.last?.components(separatedBy: "CORRECT VERDICT: ").last
      else { throw AttackFileError(file: file, message: "'\(parts)' is not the known form") }
      return Attack(
        name: String(file.dropLast(3)), format: format, source: text,
        expected: outcomes(verdict: verdict))
    }
  }

  /// What a verdict in words allows; where it only says FAIL, any way to fail within the limits.
  static func outcomes(verdict: String) -> Set<String> {
    let words: [(String, String)] = [
      ("TIMEOUT", "time-limit"), ("MEMORY LIMIT", "memory-limit"),
      ("OUTPUT LIMIT", "output-limit"), ("runtime error", "runtime-error"),
      ("wrong answer", "wrong-answer"), ("compile error", "compile-error"),
    ]
    let named = Set(words.filter { verdict.contains($0.0) }.map(\.1))
    return named.isEmpty
      ? ["wrong-answer", "runtime-error", "forbidden", "compile-error"] : named
  }
}
