import Foundation
import HoneJSON
import Testing

@Suite struct OpenedFileTests {
  /// A FIFO that gets some bytes from a thread of its own.
  private func withPipe<Value>(_ bytes: Data, _ body: (String) throws -> Value) throws -> Value {
    let path = NSTemporaryDirectory() + "hone-fifo-\(UUID().uuidString)"
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let writer = Thread {
      guard let handle = FileHandle(forWritingAtPath: path) else { return }
      try? handle.write(contentsOf: bytes)
      try? handle.close()
    }
    writer.start()
    return try body(path)
  }

  @Test("What was looked at in a pipe is read as well", arguments: [0, 1, 2, 16, 4096])
  func peeking(count: Int) throws {
    let text = (0..<3000).map { "{\"row\": \($0)}" }.joined(separator: "\n")
    let rows = try withPipe(Data(text.utf8)) { path in
      let file = try OpenedFile(path: path)
      #expect(!file.isRegular)
      #expect(try file.peek(count) == Array(text.utf8.prefix(count)))
      return try JSONLines(file).map { try $0.result.get()["row"]?.int }
    }
    #expect(rows == Array(0..<3000))
  }

  @Test("A pipe by its path loses nothing, and is read to its end once")
  func path() throws {
    let rows = try withPipe(Data("1\n2\n3".utf8)) { path in
      let lines = try JSONLines(contentsOf: path)
      #expect(try lines.map { try $0.result.get() } == [1, 2, 3])
      #expect(lines.head == Array("1\n2\n3".utf8))
      return lines.map(\.line)
    }
    #expect(rows.isEmpty)
    let whole = try withPipe(Data("[1, 2]".utf8)) { try JSON.parse(contentsOf: $0) }
    #expect(whole == [1, 2])
  }

  @Test("Short files end where they end")
  func short() throws {
    try withPipe(Data("x".utf8)) { path in
      let file = try OpenedFile(path: path)
      #expect(try file.peek(4096) == [UInt8(ascii: "x")])
      #expect(try file.readToEnd() == [UInt8(ascii: "x")])
      #expect(try file.readToEnd().isEmpty)
    }
  }
}
