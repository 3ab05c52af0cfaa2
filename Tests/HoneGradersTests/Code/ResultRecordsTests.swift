import HoneGraders
import Testing

@Suite struct ResultRecordsTests {
  private func record(_ kind: Character, _ payload: [UInt8] = []) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt32(payload.count).littleEndian) { Array($0) }
    return Array(String(kind).utf8) + length + payload
  }

  private func record(_ kind: Character, _ value: TypedValue) -> [UInt8] {
    record(kind, value.encoded())
  }

  private let failure: TypedValue = ["type": "T", "message": "m", "last_line": "T: m"]
  private let described = PythonFailure(type: "T", message: "m", lastLine: "T: m")

  @Test("Every kind of record is read")
  func kinds() {
    let raised: TypedValue = ["stage": "load", "type": "T", "message": "m", "last_line": "T: m"]
    let bytes =
      record("A", Array("early-exit".utf8)) + record("V", [1, "x"])
      + record("U", ["type": "E", "trick": true, "reason": "type"]) + record("E", raised)
      + record("M", "f") + record("C", "SyntaxError") + record("O", [7]) + record("P")
      + record("F", failure) + record("L") + record("B", failure)
    let read = ResultRecords(bytes)
    #expect(read.problem == nil)
    #expect(
      read.records == [
        .attempt(.earlyExit), .value([1, "x"]),
        .uncrossable(.init(type: "E", isTrick: true, reason: .type)), .raised(.load, described),
        .missing("f"), .compileError("SyntaxError"), .compiles(code: [7]), .passed,
        .failed(described), .lost,
        .broken(described),
      ])
    #expect(read.attempts == [.earlyExit])
    #expect(read.outcome == nil)
  }

  @Test("The outcome is the one record that is not an attempt")
  func outcome() {
    let attempt = record("A", Array("write-outside".utf8))
    #expect(ResultRecords(record("V", 1) + attempt).outcome == .value(1))
    #expect(ResultRecords(record("V", 1) + record("V", 1)).outcome == nil)
    #expect(ResultRecords(record("V", 1) + record("E")).outcome == nil)
    #expect(ResultRecords(record("V", 1) + [0]).outcome == nil)
    #expect(ResultRecords(attempt).outcome == nil)
    #expect(ResultRecords([]).outcome == nil)
    #expect(ResultRecords([]).problem == nil)
  }

  @Test("Forged and torn records are problems, and what came before them is kept")
  func malformed() throws {
    let good = record("V", 1)
    for bad in [
      [0x56], Array(record("V", 2).dropLast()), record("V"), record("V", [0x58]), record("X"),
      record("P", [1]), record("L", [1]), record("A", Array("praise".utf8)), record("E", failure),
      record("F", "text"), record("U", ["type": "E", "trick": 1, "reason": "type"]),
      record("U", ["type": "E", "trick": true, "reason": "mood"]), record("M", 3),
      Array("{\"passed\": true, \"score\": 1.0}\n".utf8), [0x56, 255, 255, 255, 255],
    ] {
      let read = ResultRecords(good + bad)
      #expect(read.records == [.value(1)], "\(bad)")
      #expect(try #require(read.problem).hasPrefix("record 2, at byte 11: "))
    }
  }
}
