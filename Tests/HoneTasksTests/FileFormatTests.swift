import Foundation
import HoneTasks
import Testing

/// What is no JSON Lines is named, with a command that works.
@Suite struct FileFormatTests {
  private static let rows = #"{"question": "1+1", "answer": "2"}"# + "\n"

  private static func encoded(_ encoding: String.Encoding, mark: [UInt8] = []) -> Data {
    Data(mark) + (rows.data(using: encoding) ?? Data())
  }

  static let texts: [(String, Data, String)] = [
    ("a.csv", Data("question,answer\n\"1+1, or so\",2\n".utf8), "this is CSV;"),
    ("one.csv", Data("question,answer".utf8), "this is CSV;"),
    ("a.tsv", Data("question\tanswer\n1+1\t2\n".utf8), "this is TSV;"),
    ("b.csv", Data("question;answer\n1+1;2\n".utf8), "this is CSV with semicolons;"),
    ("a.json", Data("[{\"question\": \"1+1\", \"answer\": \"2\"}]".utf8), "this is a JSON array;"),
    ("b.json", Data("[\n  {\n    \"question\": \"1+1\"}]".utf8), "this is a JSON array;"),
    (
      "c.json", Data("{\n  \"question\": \"1+1\",\n  \"answer\": \"2\"\n}\n".utf8),
      "this is JSON over several lines;"
    ),
    ("a.yaml", Data("- question: 1+1\n  answer: 2\n".utf8), "this is YAML;"),
    ("b.yml", Data("---\nquestion: 1+1\n".utf8), "this is YAML;"),
    ("a.html", Data("<!DOCTYPE html>\n<html></html>".utf8), "this is an HTML page"),
    ("a.jsonl", Data("version https://git-lfs.github.com/spec/v1\noid x".utf8), "git lfs pull"),
    ("l.jsonl", encoded(.utf16LittleEndian, mark: [0xFF, 0xFE]), "iconv -f UTF-16 -t UTF-8"),
    ("b.jsonl", encoded(.utf16BigEndian, mark: [0xFE, 0xFF]), "iconv -f UTF-16 -t UTF-8"),
    ("m.jsonl", encoded(.utf16LittleEndian), "iconv -f UTF-16LE -t UTF-8"),
    ("n.jsonl", encoded(.utf16BigEndian), "iconv -f UTF-16BE -t UTF-8"),
    ("o.jsonl", encoded(.utf32LittleEndian), "iconv -f UTF-32LE -t UTF-8"),
    ("p.jsonl", encoded(.utf32BigEndian), "iconv -f UTF-32BE -t UTF-8"),
    ("q.jsonl", encoded(.utf32LittleEndian, mark: [0xFF, 0xFE, 0, 0]), "iconv -f UTF-32 -t UTF-8"),
    ("a.parquet", Data("PAR1".utf8) + Data(count: 20), "pd.read_parquet"),
    ("a.arrow", Data("ARROW1".utf8) + Data(count: 20), "pd.read_feather"),
    ("b.arrow", Data([0xFF, 0xFF, 0xFF, 0xFF, 0x10, 0, 0, 0]), "pa.ipc.open_stream"),
    ("a.zip", Data([0x50, 0x4B, 3, 4, 0, 0]), "this is a zip archive"),
    ("a.xz", Data([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]), "xz -dc"),
    ("a.zst", Data([0x28, 0xB5, 0x2F, 0xFD, 0]), "zstd -dc"),
    ("a.bz2", Data("BZh91AY".utf8), "bzip2 -dc"),
  ]

  private func message(_ name: String, _ data: Data, _ body: (String, String) throws -> Void) throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try data.write(to: file)
    let error = try #require(throws: TaskError.self) {
      try TaskSet.load(path: file.path)
    }
    #expect(!error.isUnreadable && error.file == file.path)
    try body(error.message, folder.path)
  }

  @Test("Each format by its bytes", arguments: texts)
  func named(name: String, data: Data, expected: String) throws {
    try message(name, data) { message, _ in
      #expect(message.contains(expected), "\(message)")
      #expect(message.contains("JSON Lines is wanted"))
    }
  }

  @Test(
    "The command gives a file that is read",
    arguments: texts.filter { text in
      ["a.csv", "a.tsv", "b.csv", "l.jsonl", "b.jsonl", "m.jsonl", "p.jsonl", "q.jsonl"]
        .contains(text.0)
    })
  func converts(name: String, data: Data, expected: String) throws {
    try message(name, data) { message, folder in
      let command = try #require(message.components(separatedBy: "Convert it: ").last)
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.arguments = ["-c", command]
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0, "\(command)")
      let made = try #require(command.components(separatedBy: "> ").last)
      let set = try TaskSet.load(path: made)
      #expect(set.problems.count == 1 && set.problems[0].answer == "2")
      #expect(set.problems[0].question.hasPrefix("1+1"))
    }
  }

  @Test(
    "Rows that are merely broken are not taken for another format",
    arguments: [
      "{\"question\": \"a\", \"answer\": [\n{\"question\": \"b\", \"answer\": \"1\"}\n", "[1]\n",
      "nonsense\n{\"question\": \"b\", \"answer\": \"1\"}\n", "{\"question\": \"cut\n", "{}\n",
    ])
  func broken(text: String) throws {
    try message("rows.jsonl", Data(text.utf8)) { message, _ in
      #expect(!message.contains("JSON Lines is wanted"), "\(message)")
    }
  }
}
