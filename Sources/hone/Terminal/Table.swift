/// Rows in columns: widths follow the content, and the last column gives way on a narrow terminal.
package struct Table {
  /// A column.
  package struct Column {
    /// The title; empty for none.
    package var title: String
    /// Where the cells' text lies.
    package var alignment: Alignment
    /// Columns of the terminal at the least, for tables that are printed row by row.
    package var minimum: Int

    package init(_ title: String, _ alignment: Alignment = .left, minimum: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.minimum = minimum
    }
  }

  /// The columns.
  package let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row with a cell a column.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "\(cells.count) cells in \(columns.count) columns")
    rows.append(cells)
  }

  /// The table as lines, titles first if there are any.
  ///
  /// - Parameter width: columns of the terminal; nil does not cut.
  package func lines(width: Int? = nil) -> [String] {
    let titles = columns.map(\.title)
    let all = (titles.contains { !$0.isEmpty } ? [titles] : []) + rows
    let widths = columns.indices.map { index in
      max(columns[index].minimum, all.map { $0[index].columns }.max() ?? 0)
    }
    return all.map { line($0, widths: widths, width: width) }
  }

  /// The titles alone, in the columns' least widths: for tables that grow row by row.
  var header: String { line(columns.map(\.title), widths: columns.map(\.minimum), width: nil) }

  /// One row in the columns' least widths.
  func line(_ cells: [String]) -> String {
    line(cells, widths: columns.map(\.minimum), width: nil)
  }

  private func line(_ cells: [String], widths: [Int], width: Int?) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { text += "  " }
      let isLast = index == cells.count - 1
      if isLast, columns[index].alignment == .left {
        text += width.map { cell.clipped(to: max(8, $0 - text.columns)) } ?? cell
      } else {
        text += cell.padded(to: widths[index], alignment: columns[index].alignment)
      }
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
