// Text that nobody vouches for, made fit for a terminal. A policy can write anything: escape
// sequences that repaint the screen, right-to-left marks that reorder a line.

extension String {
  /// The text with every scalar that could act on a terminal spelled out.
  ///
  /// Control characters become their pictures (`␛`), invisible and direction-changing scalars
  /// `\u{202E}`; line breaks and tabs are kept only if asked for.
  package func shown(keepingLines: Bool = false) -> String {
    var result = ""
    result.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A where keepingLines, 0x09 where keepingLines: result.unicodeScalars.append(scalar)
      case 0x00...0x1F: Self.append(0x2400 + scalar.value, to: &result)
      case 0x7F: Self.append(0x2421, to: &result)
      case _ where scalar.actsOnTerminals:
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// JSON in which whatever acts on a terminal is written as `\u` escapes; it means the same.
  ///
  /// JSON escapes the control characters below U+0020 itself, and others occur in its strings alone.
  package var escapedForTerminal: String {
    guard unicodeScalars.contains(where: \.actsOnTerminals) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      guard scalar.actsOnTerminals else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }

  private static func append(_ value: UInt32, to text: inout String) {
    if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
  }

  /// Columns that the text takes on a terminal; wide East Asian characters and emoji take two.
  package var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The text cut to at most `limit` columns, with `…` at its end where it was cut.
  package func clipped(to limit: Int) -> String {
    guard columns > limit else { return self }
    var result = ""
    var used = 0
    for character in self {
      if used + character.columns > limit - 1 { break }
      used += character.columns
      result.append(character)
    }
    return limit > 0 ? result + "…" : ""
  }

  /// The text with spaces to fill `width` columns.
  package func padded(to width: Int, alignment: Alignment = .left) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - columns))
    return alignment == .left ? self + space : space + self
  }
}

/// Where the text of a cell lies.
package enum Alignment: Sendable {
  case left
  case right
}

extension Unicode.Scalar {
  /// Whether it is invisible, a control character above U+007E, or changes the direction of a line.
  fileprivate var actsOnTerminals: Bool {
    switch value {
    case 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }
}

extension Character {
  /// Columns on a terminal: 0, 1 or 2, by the first scalar's block.
  var columns: Int {
    guard let first = unicodeScalars.first else { return 0 }
    switch first.value {
    case 0x300...0x36F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
