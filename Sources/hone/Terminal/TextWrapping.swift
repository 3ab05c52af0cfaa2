// Lines that are longer than a terminal is wide, broken where a reader would break them.

extension String {
  /// The text in lines of at most `width` columns, broken at spaces, and behind `/` or `,` inside a
  /// word that is longer than a line.
  ///
  /// Colours take no columns. What has no such place is left as it is, for the terminal to break.
  ///
  /// - Parameter indent: Columns before every line but the first.
  package func wrapped(to width: Int, indent: Int = 0) -> [String] {
    split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      Self.wrap($0, to: max(1, width), indent: indent)
    }
  }

  private static func wrap(_ line: Substring, to width: Int, indent: Int) -> [String] {
    guard shownColumns(line) > width else { return [String(line)] }
    let space = String(repeating: " ", count: width - indent >= 10 ? indent : 0)
    var lines: [String] = []
    var current = ""
    var used = 0
    // The line's own indentation and its columns stay as they are.
    for piece in pieces(of: line, room: width - space.count) {
      let (word, blank) = piece
      let columns = shownColumns(word[...])
      if used > 0, used + blank.count + columns > width {
        lines.append(current)
        current = space + word
        used = space.count + columns
      } else {
        // At the beginning of a line the word matters more than where it stands.
        let before = used > 0 ? blank.count : Swift.min(blank.count, Swift.max(0, width - columns))
        current += String(blank.prefix(before)) + word
        used += before + columns
      }
    }
    return lines + [current]
  }

  /// The words of a line, each with the spaces before it; words longer than a line in parts.
  private static func pieces(of line: Substring, room: Int) -> [(word: String, blank: String)] {
    var result: [(String, String)] = []
    var rest = line
    while !rest.isEmpty {
      let blank = rest.prefix { $0 == " " }
      rest = rest.dropFirst(blank.count)
      var word = rest.prefix { $0 != " " }
      rest = rest.dropFirst(word.count)
      // A number and its percent sign are one word.
      if rest.hasPrefix(" %") {
        let unit = rest.dropFirst().prefix { $0 != " " }
        word = line[word.startIndex..<unit.endIndex]
        rest = rest[unit.endIndex...]
      }
      guard shownColumns(word) > room else {
        result.append((String(word), String(blank)))
        continue
      }
      var part = ""
      var isFirst = true
      for character in word {
        part.append(character)
        guard character == "/" || character == "," else { continue }
        result.append((part, isFirst ? String(blank) : ""))
        (part, isFirst) = ("", false)
      }
      if !part.isEmpty { result.append((part, isFirst ? String(blank) : "")) }
    }
    return result
  }

  /// Columns of a text that may hold colours.
  private static func shownColumns(_ text: Substring) -> Int {
    var columns = 0
    var isEscape = false
    for character in text {
      if isEscape {
        isEscape = character != "m"
      } else if character == "\u{1B}" {
        isEscape = true
      } else {
        columns += character.columns
      }
    }
    return columns
  }

  /// The text with boxes, bars and marks in ASCII, each as wide as before, for terminals whose locale
  /// is not UTF-8.
  package var withASCIIGlyphs: String {
    String(String.UnicodeScalarView(unicodeScalars.map { Self.glyphs[$0] ?? $0 }))
  }

  private static let glyphs: [Unicode.Scalar: Unicode.Scalar] = [
    "╭": "+", "╮": "+", "╰": "+", "╯": "+", "─": "-", "│": "|", "█": "#", "░": ".", "▁": "_",
    "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "✓": "+", "✗": "x", "→": ">",
    "·": "-", "…": "~",
  ]
}
