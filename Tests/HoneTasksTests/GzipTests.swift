import Foundation
import HoneTasks
import Testing

@Suite struct GzipTests {
  private static let rows =
    #"{"question": "1+2", "answer": "3"}"# + "\n" + #"{"question": "1+3", "answer": "4"}"# + "\n"

  /// `rows`, packed by gzip -9.
  private static func packed() throws -> Data {
    try #require(
      Data(
        base64Encoded: "H4sIAAAAAAACA6tWKixNLS7JzM9TslJQMtQ2UtJRUErMKy5PLQIJGCvVclWjKTFGVWICVAIA"
          + "tFkKjEYAAAA="))
  }

  private func load(_ data: Data, named name: String = "rows.jsonl.gz") throws -> TaskSet {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try data.write(to: file)
    return try TaskSet.load(path: file.path)
  }

  @Test("A packed file is read as the plain one, whatever its name", arguments: ["gz", "jsonl"])
  func reading(suffix: String) throws {
    let set = try load(Self.packed(), named: "rows." + suffix)
    #expect(set.problems.map(\.question) == ["1+2", "1+3"])
    #expect(set.problems.map(\.source?.line) == [1, 2])
  }

  @Test("Ids are named after the file without its two suffixes")
  func ids() throws {
    #expect(try load(Self.packed()).problems[1].id == "rows-000001")
  }

  @Test("Several members follow one another, and zeros may follow them")
  func members() throws {
    let member = try Self.packed()
    let unpacked = try Inflate.inflated(member + member + Data(count: 512), .gzip, limit: 1 << 20)
    #expect(unpacked == Array((Self.rows + Self.rows).utf8))
  }

  @Test("Truncations and flipped bits are errors that name the file, and never other rows")
  func damage() throws {
    let whole = try Self.packed()
    for length in 2..<whole.count {
      #expect {
        try load(whole.prefix(length))
      } throws: {
        "\($0)".contains("rows.jsonl.gz: the gzip data is truncated") && isBadData($0)
      }
    }
    let truth = try load(whole).problems.map(\.line)
    var errors = 0
    // The header's time and system mean nothing to us; the last eight bytes are checksum and size.
    for index in 10..<whole.count {
      var bytes = whole
      bytes[index] ^= 0x10
      do {
        // The same text may be copied from another place of what was unpacked before.
        #expect(try load(bytes).problems.map(\.line) == truth)
        #expect(index < whole.count - 8)
      } catch {
        errors += 1
        #expect("\(error)".contains("rows.jsonl.gz: ") && isBadData(error))
      }
    }
    #expect(errors >= whole.count - 12)
  }

  @Test("Text behind the data, and text under the name of packed data, are errors")
  func strangers() throws {
    let whole = try Self.packed()
    #expect {
      try load(whole + Data("more".utf8))
    } throws: {
      "\($0)".contains("rows.jsonl.gz: the gzip data is followed by something else, 70 bytes in")
    }
    #expect {
      try load(Data(Self.rows.utf8))
    } throws: {
      "\($0)".contains("rows.jsonl.gz: not gzip data, in spite of its name")
    }
  }

  @Test("More than the limit is refused; exactly the limit is not")
  func limit() throws {
    let member = try Self.packed()
    #expect(try Inflate.inflated(member, .gzip, limit: 70).count == 70)
    #expect {
      try Inflate.inflated(member, .gzip, limit: 69)
    } throws: {
      "\($0)".contains("unpacks to more than 69 bytes")
    }
    // A bomb: each member adds its bytes, and what they add up to is never allocated.
    var bomb = Data()
    for _ in 0..<4096 { bomb += member }
    #expect {
      try Inflate.inflated(bomb, .gzip, limit: 4096 * 70 - 1)
    } throws: {
      "\($0)".contains("unpacks to more than 286719 bytes")
    }
    #expect(try Inflate.inflated(bomb, .gzip, limit: 4096 * 70).count == 4096 * 70)
  }

  @Test("A file with no bytes or with one byte is not taken for packed data")
  func short() throws {
    #expect {
      try load(Data(), named: "rows.jsonl")
    } throws: {
      "\($0)".contains("holds no problems")
    }
    #expect(throws: TaskError.self) { try load(Data([0x1F]), named: "rows.jsonl") }
  }

  private func isBadData(_ error: any Error) -> Bool {
    (error as? TaskError)?.isUnreadable == false
  }
}
