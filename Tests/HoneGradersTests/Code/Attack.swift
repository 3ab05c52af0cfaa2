import Foundation
import HoneJSON

/// A hostile, cheating or merely odd program, and what a grader must make of it.
///
/// The form of the files is described in the README of their folder.
struct Attack: Sendable {
  /// How a program is tested.
  enum Format: String, Sendable, CaseIterable {
    case call, stdio, script, humaneval, mapped, compile
  }

  /// The name, with its number if the file stands for several programs.
  var name: String
  var format: Format
  /// The language's name in rows.
  var language = "python"
  var source: String
  /// The outcomes that the first case that is not passed may have; `passed` for right programs.
  var expected: Set<String>
  /// The attempts that must have been counted.
  var attempts: Set<String> = []
  /// The layers each of which stops it.
  var layers: [String] = []
  /// Whether a compiler is kept busy up to its own limits, which takes a minute.
  var isSlow = false

  /// Whether it is right, if odd.
  var isRight: Bool { expected == ["passed"] }

  /// The completion of which it is the program.
  var completion: String { "Here it is:\n```\(language)\n\(source)\n```\n" }
}

// MARK: - Our own

extension Attack {
  /// The folder of our own programs.
  static let folder: URL = Bundle.module.bundleURL.appendingPathComponent("Attacks")

  /// All our own programs, by name.
  static func own() throws -> [Attack] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().flatMap { file in
      let isProgram = [".py", ".c", ".cpp"].contains { file.hasSuffix($0) }
      guard isProgram, !file.hasPrefix("good") else { return [Attack]() }
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      return try programs(file: file, text: text)
    }
  }

  /// The programs that a file stands for.
  static func programs(file: String, text: String) throws -> [Attack] {
    let parts = file.split(separator: ".")
    let header = Header(text)
    guard let name = parts.first.map(String.init), header.name == name,
      let format = header["format"].flatMap(Format.init), !header.list("expect").isEmpty
    else {
      throw AttackFileError(file: file, message: "no name, format or expectation in its first line")
    }
    let languages = ["py": "python", "c": "c", "cpp": "cpp"]
    let attack = Attack(
      name: name, format: format, language: languages[String(parts[parts.count - 1])] ?? "",
      source: try expanded(text), expected: Set(header.list("expect")),
      attempts: Set(header.list("attempts")), layers: header.list("layers"),
      isSlow: header["slow"] == "yes")
    guard let count = header["variants"].flatMap(Int.init) else { return [attack] }
    return (0..<count).map { number in
      var variant = attack
      variant.name += "-\(number)"
      variant.source = attack.source.replacingOccurrences(
        of: "\nvariant = 0\n", with: "\nvariant = \(number)\n")
      return variant
    }
  }

  /// A text with every `⟪count|text⟫` written out.
  private static func expanded(_ text: String) throws -> String {
    var result = ""
    for (index, piece) in text.components(separatedBy: "⟪").enumerated() {
      guard index > 0 else {
        result += piece
        continue
      }
      let halves = piece.components(separatedBy: "⟫")
      let bar = halves[0].firstIndex(of: "|") ?? halves[0].startIndex
      guard halves.count == 2, let count = Int(halves[0][..<bar]),
        let repeated = try JSON.parse("\"\(halves[0][bar...].dropFirst())\"").string
      else { throw AttackFileError(file: "", message: "'\(piece)' repeats nothing") }
      result += String(repeating: repeated, count: count) + halves[1]
    }
    return result
  }
}

/// The first line of a file: fields between bars.
private struct Header {
  var name: String
  private var fields: [String: String] = [:]

  init(_ text: String) {
    let line = text.prefix { !$0.isNewline }.drop { "#/ ".contains($0) }
    let parts = String(line).components(separatedBy: " | ")
    name = parts[0]
    for part in parts.dropFirst() {
      guard let colon = part.range(of: ": ") else { continue }
      fields[String(part[..<colon.lowerBound])] = String(part[colon.upperBound...])
    }
  }

  subscript(key: String) -> String? { fields[key] }

  func list(_ key: String) -> [String] {
    fields[key]?.components(separatedBy: ", ") ?? []
  }
}

/// A file of the collection that is not as it should be.
struct AttackFileError: Error {
  var file: String
  var message: String
}
