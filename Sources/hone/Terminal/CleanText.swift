/// Text that may leave the process: what nobody vouches for in it is spelled out.
///
/// Streams take nothing else, so that no message can forget it.
struct CleanText: Sendable {
  /// The characters.
  let text: String

  private init(_ text: String) { self.text = text }

  /// Lines for people: escaped wherever they go, and broken where a terminal is narrower.
  ///
  /// - Parameter indent: Columns before every line but the first.
  init(_ text: StyledText, for terminal: Terminal, indent: Int = 0) {
    self.init(terminal.fitted(text.rendered, indent: indent) + "\n")
  }

  /// What a policy wrote, or what is to be copied: as it is, but escaped for a terminal.
  init(verbatim text: String, for terminal: Terminal) {
    self.init(terminal.isTerminal ? text.shown(keepingLines: true) : text)
  }

  /// Rows of JSON: as they are, but for a terminal with `\u` escapes, which mean the same.
  init(rows text: String, for terminal: Terminal) {
    self.init(terminal.isTerminal ? text.escapedForTerminal : text)
  }

  /// A line that is painted over the last one, cut to the terminal's width.
  init(painting line: String, on terminal: Terminal) {
    let line = line.shown().clipped(to: terminal.width - 1)
    let shown = terminal.isUnicode ? line : line.withASCIIGlyphs
    self.init("\r\u{1B}[K" + terminal.style.dim(shown).rendered)
  }

  /// Takes a painted line away.
  static let cleared = CleanText("\r\u{1B}[K")
}
