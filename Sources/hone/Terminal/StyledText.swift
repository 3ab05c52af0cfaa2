/// Text for people in parts, each with its style.
///
/// A part is nothing but text: whatever in it could act on a terminal is spelled out when it is
/// rendered, and the escape sequences of styles are added after that. So no text, wherever it comes
/// from, can bring its own.
package struct StyledText: Sendable {
  private struct Part {
    var text: String
    /// The code of SGR (ECMA-48) that it is shown with.
    var code: String?
  }

  private var parts: [Part]

  /// Plain text; its line breaks stay.
  package init(_ text: String) { parts = [Part(text: text)] }

  /// Text with a style.
  init(_ text: StyledText, code: String) {
    parts = text.parts.map { Part(text: $0.text, code: code) }
  }

  /// The text without styles, as it was given.
  var plain: String { parts.map(\.text).joined() }

  /// Columns that it takes on a terminal.
  var columns: Int { parts.reduce(0) { $0 + $1.text.shown(keepingLines: true).columns } }

  /// The text as a terminal may have it.
  package var rendered: String {
    parts.map { part in
      let text = part.text.shown(keepingLines: true)
      return part.code.map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
    }.joined()
  }

  /// One text behind another.
  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.parts += right.parts
    return sum
  }

  /// Adds a text.
  package static func += (left: inout StyledText, right: StyledText) { left = left + right }
}

extension StyledText: ExpressibleByStringInterpolation, CustomStringConvertible {
  package init(stringLiteral text: String) { self.init(text) }

  /// The text without styles.
  package var description: String { plain }
}
