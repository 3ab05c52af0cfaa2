/// A box with a title and named lines; plain lines where nobody watches.
struct Panel {
  /// What the box is about.
  var title: String
  /// Names and texts.
  var lines: [(String, String)]

  /// The panel as lines of text.
  func text(_ terminal: Terminal) -> [StyledText] {
    let names = lines.map(\.0.columns).max() ?? 0
    guard terminal.isTerminal else {
      return [StyledText(title)]
        + lines.map { StyledText("  " + $0.0.padded(to: names) + "  " + $0.1) }
    }
    let room = terminal.width - 5
    let rows = lines.flatMap { name, text in
      (name.padded(to: names) + "  " + text).wrapped(to: room, indent: names + 2)
    }
    let widest = max(title.columns + 4, rows.map(\.columns).max() ?? 0)
    let inner = min(widest, room)
    let style = terminal.style
    let head = title.clipped(to: inner - 2)
    let rule = String(repeating: "─", count: max(0, inner - head.columns - 1))
    let first: StyledText = style.dim("╭─ ") + style.bold(StyledText(head))
    let last = "╰" + String(repeating: "─", count: inner + 2) + "╯"
    return [first + style.dim(" \(rule)╮")]
      + rows.map {
        style.dim("│ ") + StyledText($0.clipped(to: inner).padded(to: inner + 1)) + style.dim("│")
      }
      + [style.dim(last)]
  }
}
