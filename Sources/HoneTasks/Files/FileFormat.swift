import HoneJSON

/// What a file is that is no JSON Lines, and the command that turns it into JSON Lines.
///
/// Binary formats are known by their first bytes. Texts are told apart only where the first row could
/// not be read, so that no row that can be read is ever taken for something else.
package struct FileFormat: Sendable, Hashable {
  /// The format, as people call it: `CSV`, `a JSON array`.
  package var name: String
  /// A filter from the format to JSON Lines, or nil where the whole of `advice` says what to do.
  var filter: String?
  /// What else to do.
  var advice: String?
  /// Whether the filter gives the same text in another encoding or unpacked.
  var isWrapping = false

  /// The format of bytes that are no text in UTF-8, or nil.
  package static func binary(_ head: [UInt8]) -> FileFormat? {
    for (magic, format) in magics where head.starts(with: magic) { return format }
    return wideText(head)
  }

  /// The format of a text whose first row is no JSON object, or nil where nothing is recognised.
  package static func text(_ head: [UInt8]) -> FileFormat? {
    let text = String(decoding: head, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let start = text.prefix(200).lowercased()
    if start.hasPrefix("version https://git-lfs") {
      return FileFormat(name: "a Git LFS pointer, not the file", advice: "fetch it: git lfs pull")
    }
    if start.hasPrefix("<!doctype") || start.hasPrefix("<html") {
      return FileFormat(
        name: "an HTML page, not data",
        advice: "fetch the file itself (on a hub the address has 'resolve' or 'raw', not 'blob')")
    }
    if isJSONArray(text) { return FileFormat(name: "a JSON array", filter: "jq -c '.[]'") }
    // Not the end of the head, which may lie within a line.
    let lines = text.split(omittingEmptySubsequences: true) { $0.isNewline }
    if isPrettyJSON(lines) {
      return FileFormat(name: "JSON over several lines", filter: "jq -c .")
    }
    return separated(lines) ?? yaml(lines)
  }

  /// One sentence: what it is, what is wanted, and the command.
  ///
  /// - Parameters:
  ///   - path: The file; names in angle brackets and devices stand for themselves.
  ///   - isPacked: Whether the text came out of gzip.
  package func message(path: String, isPacked: Bool = false) -> String {
    var text = "this is \(name); JSON Lines is wanted, one JSON object a line"
    if let filter {
      text += ". Convert it: \(Self.command(filter, path, isPacked, isWrapping))"
    }
    if let advice { text += ". To get there, \(advice)" }
    return text
  }

  // MARK: - Binary formats

  private static let magics: [([UInt8], FileFormat)] = [
    (Array("PAR1".utf8), python("Parquet", "pd.read_parquet(io.BytesIO(sys.stdin.buffer.read()))")),
    (
      Array("ARROW1".utf8),
      python("an Arrow file", "pd.read_feather(io.BytesIO(sys.stdin.buffer.read()))")
    ),
    (
      [0xFF, 0xFF, 0xFF, 0xFF],
      FileFormat(
        name: "an Arrow stream",
        filter: "python3 -c \"import pyarrow as pa, sys; pa.ipc.open_stream(sys.stdin.buffer)"
          + ".read_pandas().to_json(sys.stdout, orient='records', lines=True)\"")
    ),
    (
      Array("PK\u{3}\u{4}".utf8),
      FileFormat(name: "a zip archive", filter: "funzip", isWrapping: true)
    ),
    (
      [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],
      FileFormat(name: "packed by xz", filter: "xz -dc", isWrapping: true)
    ),
    (
      [0x28, 0xB5, 0x2F, 0xFD],
      FileFormat(name: "packed by zstd", filter: "zstd -dc", isWrapping: true)
    ),
    (
      Array("BZh".utf8), FileFormat(name: "packed by bzip2", filter: "bzip2 -dc", isWrapping: true)
    ),
    (
      Array("SQLite format 3".utf8),
      FileFormat(name: "an SQLite database", advice: "write its rows with sqlite3 and .mode json")
    ),
  ]

  private static func python(_ name: String, _ frame: String) -> FileFormat {
    FileFormat(
      name: name,
      filter: "python3 -c \"import io, sys, pandas as pd; \(frame)"
        + ".to_json(sys.stdout, orient='records', lines=True)\"")
  }

  /// UTF-16 and UTF-32, by a byte order mark or by where the zeros are.
  private static func wideText(_ head: [UInt8]) -> FileFormat? {
    let marks: [([UInt8], String)] = [
      ([0xFF, 0xFE, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF], "UTF-32"), ([0xFF, 0xFE], "UTF-16"),
      ([0xFE, 0xFF], "UTF-16"),
    ]
    if let (_, name) = marks.first(where: { head.starts(with: $0.0) }) { return encoded(name) }
    // Without a mark: the first two characters of a row are ASCII.
    guard head.count >= 4 else { return nil }
    switch head.prefix(4).map({ $0 == 0 }) {
    case [false, true, true, true]: return encoded("UTF-32LE")
    case [true, true, true, false]: return encoded("UTF-32BE")
    case [false, true, false, true]: return encoded("UTF-16LE")
    case [true, false, true, false]: return encoded("UTF-16BE")
    default: return nil
    }
  }

  private static func encoded(_ name: String) -> FileFormat {
    FileFormat(
      name: "\(name) text, not UTF-8", filter: "iconv -f \(name) -t UTF-8", isWrapping: true)
  }

  // MARK: - Texts

  private static func isJSONArray(_ text: Substring) -> Bool {
    guard text.first == "[" else { return false }
    let rest = text.dropFirst().drop { $0.isWhitespace }
    return rest.isEmpty || rest.first == "{"
  }

  /// An object whose first line ends within it and whose second goes on with a key.
  private static func isPrettyJSON(_ lines: [Substring]) -> Bool {
    guard lines.count >= 2, lines[0].first == "{", (try? JSON.parse(String(lines[0]))) == nil else {
      return false
    }
    let last = lines[0].last { !$0.isWhitespace }
    let next = lines[1].first { !$0.isWhitespace }
    let isIndented = lines[1].first?.isWhitespace == true
    return last.map { "{[,".contains($0) } == true
      && (next == "\"" || next == "}" || isIndented && next == "{")
  }

  /// CSV or TSV: the first two lines have as many separators outside quotes, at least one.
  private static func separated(_ lines: [Substring]) -> FileFormat? {
    guard let header = lines.first, header.first.map({ !"{[-#<".contains($0) }) == true
    else { return nil }
    for (separator, name, option) in [
      ("\t" as Character, "TSV", ", delimiter='\\t'"), (",", "CSV", ""),
      (";", "CSV with semicolons", ", delimiter=';'"),
    ] {
      let columns = fields(header, separator)
      guard columns > 1,
        lines.count < 2 || fields(lines[1], separator) >= columns || hasOpenQuote(lines[1])
      else { continue }
      return FileFormat(
        name: name,
        filter: "python3 -c \"import csv, json, sys; "
          + "[print(json.dumps(row)) for row in csv.DictReader(sys.stdin\(option))]\"")
    }
    return nil
  }

  /// How many fields a line has; separators in double quotes separate nothing.
  private static func fields(_ line: Substring, _ separator: Character) -> Int {
    var isQuoted = false
    var count = 1
    for character in line {
      if character == "\"" { isQuoted.toggle() }
      if character == separator, !isQuoted { count += 1 }
    }
    return count
  }

  private static func hasOpenQuote(_ line: Substring) -> Bool {
    line.count { $0 == "\"" } % 2 == 1
  }

  /// A document mark, or a list or mapping whose first line reads `key: …`.
  private static func yaml(_ lines: [Substring]) -> FileFormat? {
    guard let first = lines.first(where: { !$0.hasPrefix("#") }) else { return nil }
    let entry = first.hasPrefix("- ") ? first.dropFirst(2) : first
    let key = entry.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    let isEntry = !key.isEmpty && entry[key.endIndex...].hasPrefix(":")
    guard first == "---" || isEntry else { return nil }
    return FileFormat(
      name: "YAML",
      filter: "python3 -c \"import json, sys, yaml; "
        + "[print(json.dumps(row)) for row in yaml.safe_load(sys.stdin)]\"")
  }

  // MARK: - Command

  private static func command(
    _ filter: String, _ path: String, _ isPacked: Bool, _ isWrapping: Bool
  ) -> String {
    let isNamed = !path.hasPrefix("<") && !path.hasPrefix("/dev/") && !path.hasPrefix("/proc/")
    let input = isNamed ? quoted(path) : "FILE"
    let output = isNamed ? quoted(converted(path, isWrapping)) : "FILE.jsonl"
    return isPacked
      ? "gzip -dc \(input) | \(filter) > \(output)" : "\(filter) < \(input) > \(output)"
  }

  /// The path with `.jsonl` for what it ended in; never the path itself.
  private static func converted(_ path: String, _ isWrapping: Bool) -> String {
    var stem = path
    let endings = [
      ".gz", ".xz", ".zst", ".zstd", ".bz2", ".zip", ".csv", ".tsv", ".json", ".parquet", ".arrow",
      ".feather", ".yaml", ".yml", ".txt",
    ]
    while let ending = endings.first(where: { stem.hasSuffix($0) && stem.count > $0.count }) {
      stem.removeLast(ending.count)
    }
    if stem.hasSuffix(".jsonl") { stem.removeLast(6) }
    return stem + ".jsonl" == path ? stem + ".converted.jsonl" : stem + ".jsonl"
  }

  /// A path as one word of a shell.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+=".contains($0))
    }
    return isPlain
      ? path
      : "'"
        + path.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
