import Foundation
import HoneJSON
import Testing

@Suite struct JSONLinesTests {
  private func summary(of lines: JSONLines) -> [String] {
    lines.map { line, result in
      switch result {
      case .success(let value): "\(line): \(value)"
      case .failure(let error): "\(line): error \(error.file ?? "-"):\(error.line):\(error.column)"
      }
    }
  }

  @Test func readsRowsAndGoesOnAfterABadOne() throws {
    let text = "{\"a\":1}\n\n  \r\n[1, oops]\r\n\"end\""
    let expected = ["1: {\"a\":1}", "4: error rows:4:5", "5: \"end\""]
    #expect(summary(of: JSONLines(bytes: Array(text.utf8), file: "rows")) == expected)
    #expect(summary(of: JSONLines(bytes: [])).isEmpty)
  }

  @Test func readsAFileTwice() throws {
    let path = NSTemporaryDirectory() + "hone-json-lines-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // Longer than the reader's buffer, with one row that is longer than it alone.
    let rows = (0..<30_000).map { "{\"id\":\($0),\"text\":\"some words to make it longer\"}" }
    let long = "\"" + String(repeating: "x", count: 700_000) + "\""
    try (rows.joined(separator: "\n") + "\n" + long + "\n")
      .write(toFile: path, atomically: false, encoding: .utf8)
    let lines = try JSONLines(contentsOf: path)
    for _ in 0..<2 {
      var count = 0
      for (line, result) in lines {
        count += 1
        #expect(line == count)
        let value = try result.get()
        if count <= rows.count {
          #expect(value["id"]?.int == count - 1)
        } else {
          #expect(value.string?.utf8.count == 700_000)
        }
      }
      #expect(count == rows.count + 1)
    }
  }

  @Test func rowsOfAPipeComeAsTheyArrive() throws {
    let pipe = Pipe()
    var rows = JSONLines(descriptor: pipe.fileHandleForReading.fileDescriptor).makeIterator()
    try pipe.fileHandleForWriting.write(contentsOf: Data("1\n2\n[".utf8))
    #expect(try rows.next()?.result.get() == 1)
    #expect(try rows.next()?.result.get() == 2)
    try pipe.fileHandleForWriting.write(contentsOf: Data("3]\n".utf8))
    #expect(try rows.next()?.result.get() == [3])
    try pipe.fileHandleForWriting.close()
    #expect(rows.next() == nil)
  }

  @Test func missingFilesAndFoldersAreErrors() throws {
    let missing = try #require(throws: JSONError.self) {
      try JSONLines(contentsOf: "/nonexistent/rows.jsonl")
    }
    #expect(missing.description.hasPrefix("/nonexistent/rows.jsonl: no such file"))
    #expect(throws: JSONError.self) { try JSONLines(contentsOf: "/") }
    let closed = JSONLines(descriptor: -2, name: "closed")
    #expect(summary(of: closed) == ["1: error closed:1:0"])
  }
}
