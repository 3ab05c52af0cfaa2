/// Rows in columns: widths follow the content, and give way on a narrow terminal.
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
  /// Text in the last column goes on below itself where a terminal is too narrow for it. Where the
  /// other columns do not fit either, each row is a paragraph that names its values.
  ///
  /// - Parameter width: columns of the terminal; nil knows no bound.
  package func lines(width: Int? = nil) -> [String] {
    let titles = columns.map(\.title)
    let all = (titles.contains { !$0.isEmpty } ? [titles] : []) + rows
    let widths = columns.indices.map { index in
      max(columns[index].minimum, all.map { $0[index].columns }.max() ?? 0)
    }
    guard let width else { return all.map { line($0, widths: widths) } }
    guard fits(widths, width) else { return rows.flatMap { paragraph($0, width: width) } }
    return all.flatMap { lines($0, widths: widths, width: width) }
  }

  // MARK: - Tables that grow row by row

  /// The titles alone, in the columns' least widths; nil where a terminal has no room for columns.
  package func header(width: Int? = nil) -> String? {
    let widths = columns.map(\.minimum)
    if let width, !fits(widths, width) { return nil }
    return line(columns.map(\.title), widths: widths)
  }

  /// One row in the columns' least widths.
  package func grown(_ cells: [String], width: Int? = nil) -> [String] {
    let widths = columns.map(\.minimum)
    guard let width, !fits(zip(widths, cells).map { max($0, $1.columns) }, width) else {
      return [line(cells, widths: widths)]
    }
    return paragraph(cells, width: width)
  }

  // MARK: - Rows

  /// Columns before the last cell.
  private func start(_ widths: [Int]) -> Int { widths.dropLast().reduce(0) { $0 + $1 + 2 } }

  /// Whether the columns fit; text in the last one needs a dozen, or all that it has.
  private func fits(_ widths: [Int], _ width: Int) -> Bool {
    let last = widths.last ?? 0
    let needed = columns.last?.alignment == .left ? min(last, 12) : last
    return start(widths) + needed <= width
  }

  private func lines(_ cells: [String], widths: [Int], width: Int) -> [String] {
    line(cells, widths: widths).wrapped(to: width, indent: start(widths))
  }

  /// `first cell: title value, title value`, over several lines.
  private func paragraph(_ cells: [String], width: Int) -> [String] {
    let named = zip(columns, cells).dropFirst().filter { !$1.isEmpty }.map { column, cell in
      column.title.isEmpty ? cell : "\(column.title) \(cell)"
    }
    let head = cells.first ?? ""
    let text = named.isEmpty ? head : "\(head): " + named.joined(separator: ", ")
    return text.wrapped(to: width, indent: 2)
  }

  private func line(_ cells: [String], widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { text += "  " }
      let isLast = index == cells.count - 1
      text +=
        isLast && columns[index].alignment == .left
        ? cell : cell.padded(to: widths[index], alignment: columns[index].alignment)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
