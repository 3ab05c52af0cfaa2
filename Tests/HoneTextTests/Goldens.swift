import Foundation
import HoneJSON
import HoneText
import Testing

/// The files that scripts/goldens/tokenizer.py has written.
enum Goldens {
  static func path(_ name: String) throws -> String {
    let url = try #require(Bundle.module.url(forResource: "Goldens", withExtension: nil))
    return url.appendingPathComponent(name).path
  }

  static func json(_ name: String) throws -> JSON { try JSON.parse(contentsOf: path(name)) }

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: path("\(name).tokenizer.json"))
  }

  /// GPT-2's tokenizer.json, which is too large for the repository; `nil` where it is absent.
  static let gpt2Path: String? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["HONE_SHARED"]
      ?? root.appendingPathComponent("../shared").standardizedFileURL.path
    let path = shared + "/data/tokenizers/gpt2.tokenizer.json"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()
}

extension JSON {
  /// An array of ids.
  var ids: [Int32] { (array ?? []).compactMap { $0.int.map(Int32.init) } }
  /// An array of strings.
  var strings: [String] { (array ?? []).compactMap(\.string) }
}

/// Linear congruential numbers, the same everywhere.
struct TestNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
