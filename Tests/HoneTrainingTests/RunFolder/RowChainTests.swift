import Foundation
import HoneJSON
import HoneTraining
import Testing

@Suite("Rows that are tied together")
struct RowChainTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let rows = (1...5).map { step in
    "{\"step\":\(step),\"text\":\"row of step \(step)\"}"
  }

  /// The lines of a file, each with its newline.
  private static func lines(_ rows: [String] = rows) -> [[UInt8]] {
    var chain = RowChain()
    return rows.map { chain.seal(Array($0.utf8)) }
  }

  /// The lines at which damage is named.
  private func damaged(_ lines: [[UInt8]], recorded: Int = 0, checksum: String? = nil) throws
    -> [Int]
  {
    try Data(lines.joined()).write(to: URL(fileURLWithPath: folder.file("rows.jsonl")))
    let path = folder.file("rows.jsonl")
    return try RowInspection(path: path, recorded: recorded, checksum: checksum).damage.map {
      let place = $0.dropFirst(path.count + 1).prefix { $0.isNumber }
      return try #require(Int(place) ?? ($0.hasPrefix(path) ? 0 : nil), "\($0)")
    }
  }

  @Test("A row ends with the checksum of what stands before it and the row before")
  func format() throws {
    // zlib.crc32(b'{"step":1,'), and of '{' with that value, by Python's zlib.
    #expect(
      Self.lines(["{\"step\":1}", "{}"]).map { String(decoding: $0, as: UTF8.self) } == [
        "{\"step\":1,\"crc32\":\"0d75ccf3\"}\n", "{\"crc32\":\"316c9153\"}\n",
      ])
    #expect(try damaged(Self.lines()).isEmpty)
  }

  @Test(
    "Every flipped bit is found; the line is named, or where lines were joined or cut, the next")
  func bits() throws {
    let lines = Self.lines()
    var start = 0
    for (number, line) in lines.enumerated() {
      for offset in line.indices {
        for bit in 0..<8 {
          var bytes = Array(lines.joined())
          bytes[start + offset] ^= 1 << UInt8(bit)
          let found = try damaged([bytes], recorded: bytes.count)
          // One damage is not told as many: the rows behind it are as they were. A first row whose
          // checksum has another name is like one of an older version: the next tells of it.
          let first = found.first ?? 0
          #expect(
            found.count <= 2 && (first == number + 1 || number == 0 && first == 2),
            "line \(number + 1), byte \(offset), bit \(bit): \(found)")
        }
      }
      start += line.count
    }
  }

  @Test("Lost, repeated and swapped rows are found; each damage has its line")
  func moved() throws {
    let lines = Self.lines()
    #expect(try damaged([lines[0], lines[2], lines[3], lines[4]]) == [2])
    #expect(try damaged(Array(lines[1...])) == [1])
    #expect(try damaged([lines[0], lines[1], lines[1], lines[2]]) == [3])
    #expect(try damaged([lines[0], lines[2], lines[1], lines[3]]) == [2, 3, 4])
    var twice = lines
    twice[1][9] ^= 1
    twice[3][9] ^= 1
    #expect(try damaged(twice) == [2, 4])
    // At the end only a checkpoint knows what there was.
    #expect(try damaged(Array(lines[..<4])).isEmpty)
    let all = lines.joined().count
    #expect(try damaged(Array(lines[..<4]), recorded: all) == [0])
    var other = RowChain()
    let others = Self.rows.map { row in
      other.seal(Array(row.replacing("row of", with: "row_of").utf8))
    }
    var chain = RowChain()
    for row in Self.rows { _ = chain.seal(Array(row.utf8)) }
    #expect(try damaged(lines, recorded: all, checksum: chain.checksum).isEmpty)
    #expect(try damaged(others, recorded: all, checksum: chain.checksum) == [0])
  }

  @Test("Rows of older versions are counted, and tied to those behind them")
  func older() throws {
    let old = Array("{\"step\":1}\n{\"step\":2}\n".utf8)
    var chain = RowChain()
    for line in ["{\"step\":1}", "{\"step\":2}"] {
      #expect(chain.check(Array(line.utf8)) == .unguarded)
    }
    let new = chain.seal(Array("{\"step\":3}".utf8))
    #expect(try damaged([old, new]).isEmpty)
    let inspection = try RowInspection(path: folder.file("rows.jsonl"))
    #expect(inspection.rows == 3 && inspection.unguarded == 2)
    var changed = old
    changed[8] ^= 1
    #expect(try damaged([changed, new]) == [3])
  }

  @Test("A row that is being written is no damage; one that a checkpoint recorded is")
  func torn() throws {
    let lines = Self.lines()
    let torn = lines[..<3] + [Array(lines[3].dropLast(5))]
    #expect(try damaged(Array(torn)).isEmpty)
    #expect(try RowInspection(path: folder.file("rows.jsonl")).isTorn)
    #expect(try damaged(Array(torn), recorded: lines[..<4].joined().count).count == 2)
  }
}
