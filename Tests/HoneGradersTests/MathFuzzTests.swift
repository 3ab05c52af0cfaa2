import Foundation
import HoneGraders
import HoneJSON
import Testing

/// Random and mutated answers: none crashes, hangs or is judged differently the second time.
///
/// A long run is `scripts/fuzz-math`, which sets `HONE_FUZZ_INPUTS`, `HONE_FUZZ_START`,
/// `HONE_FUZZ_SEED` and `HONE_FUZZ_MARKER`; a smaller `HONE_FUZZ_BOUND_MS` tells what comes near the
/// bound of 10 ms.
@Suite struct MathFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static func number(_ name: String, _ standard: UInt64) -> UInt64 {
    environment[name].flatMap(UInt64.init) ?? standard
  }

  private static func rows(_ name: String) throws -> [JSONObject] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "jsonl", subdirectory: "Goldens"))
    return try JSONLines(contentsOf: url.path).map { try $0.result.get() }.compactMap(\.object)
  }

  @Test("What the fuzzer once found stays fixed", .timeLimit(.minutes(1)))
  func pastFinds() throws {
    let rows = try Self.rows("math_fuzz")
    #expect(rows.count > 5)
    for (index, row) in rows.enumerated() {
      let input = MathFuzzer.Input(
        gold: try #require(row["gold"]?.string),
        prediction: try #require(row["prediction"]?.string),
        mode: .answer, policy: "strict")
      for mode in AnswerMode.allCases {
        var input = input
        input.mode = mode
        let find = MathFuzzer.check(input, number: UInt64(index), bound: Self.bound)
        #expect(find == nil, "\(find?.description ?? "")")
      }
    }
  }

  @Test("Random and mutated answers are judged within the bound")
  func random() throws {
    #if DEBUG
      let standard: UInt64 = 1_000
    #else
      let standard: UInt64 = 20_000
    #endif
    let seeds = try Self.rows("math_pairs").compactMap { row -> (String, String)? in
      guard let gold = row["gold"]?.string, let prediction = row["prediction"]?.string,
        prediction.utf8.count < 3000
      else { return nil }
      return (gold, prediction)
    }
    let fuzzer = MathFuzzer(seeds: seeds, seed: Self.number("HONE_FUZZ_SEED", 1))
    let start = Self.number("HONE_FUZZ_START", 0)
    let end = start + Self.number("HONE_FUZZ_INPUTS", standard)
    let marker = Self.environment["HONE_FUZZ_MARKER"].map { open($0, O_RDWR | O_CREAT, 0o644) }
    defer { if let marker { close(marker) } }
    var finds: [String] = []
    for number in start..<end {
      // What is being graded is on disk before it is: a crash leaves its number behind.
      if let marker {
        var place = number
        pwrite(marker, &place, MemoryLayout<UInt64>.size, 0)
      }
      if let find = MathFuzzer.check(fuzzer.input(number), number: number, bound: Self.bound) {
        finds.append(find.description)
      }
    }
    #expect(finds.isEmpty, "\(finds.joined(separator: "\n"))")
  }

  /// Seconds of processor time for one verdict; a debug build takes ten times as long.
  private static var bound: Double {
    #if DEBUG
      0.5
    #else
      Double(number("HONE_FUZZ_BOUND_MS", 10)) / 1000
    #endif
  }
}
