/// The units that a grader knows, by all their spellings.
///
/// The default table holds the units of length, mass, time, volume, energy, electricity and money
/// that school and competition answers use, with exact factors. Add your own:
///
/// ```swift
/// var units = UnitTable.standard
/// try units.add(["furlong", "furlongs", "fur"], "660", of: "ft")
/// var policy = MathPolicy.strict
/// policy.units = units
/// let grader = MathGrader(policy: policy)
/// ```
public struct UnitTable: Sendable, Hashable {
  private var entries: [String: Entry]

  private struct Entry: Sendable, Hashable {
    /// As `numerator/denominator`, exact.
    var factor: String
    var dimensions: [String]
  }

  /// The default table.
  public static let standard = UnitTable(entries: StandardUnits.entries)
  /// A table without any unit.
  public static let empty = UnitTable(entries: [])

  /// Base units of money; different currencies do not convert.
  static let currencies: Set<String> = ["$", "€", "£", "¥", "₹"]

  private init(entries: [(names: [String], factor: String, dimensions: [String])]) {
    self.entries = [:]
    for (names, factor, dimensions) in entries {
      for name in names { self.entries[name] = Entry(factor: factor, dimensions: dimensions) }
    }
  }

  /// Adds a unit, or replaces one.
  ///
  /// - Parameters:
  ///   - names: All spellings, singular and plural; the case of letters matters.
  ///   - factor: How many of `base` one of it is: a whole number, a decimal or a fraction `a/b`.
  ///   - base: A unit of the table, or a new name, which makes a new dimension.
  /// - Throws: ``GraderError`` for a factor that is no positive number.
  public mutating func add(
    _ names: [String], _ factor: String, of base: String
  ) throws(GraderError) {
    guard let value = Self.rational(factor), value > .zero else {
      throw GraderError("unit factor '\(factor)', wanted a positive number such as 2.54 or 1/3")
    }
    var entry = Entry(factor: "\(value)", dimensions: [base])
    if let known = entries[base], let scale = Self.rational(known.factor) {
      entry = Entry(factor: "\(value * scale)", dimensions: known.dimensions)
    } else {
      entries[base] = Entry(factor: "1", dimensions: [base])
    }
    for name in names { entries[name] = entry }
  }

  /// The unit of a name; a capital at the start of a word of four letters or more is forgiven.
  func unit(_ name: String) -> UnitExpression? {
    guard let entry = entries[name] ?? (name.utf8.count >= 4 ? entries[name.lowercased()] : nil),
      let factor = Self.rational(entry.factor)
    else { return nil }
    var unit = UnitExpression(factor: factor, dimensions: [], spelling: name)
    for dimension in entry.dimensions {
      let parts = dimension.split(separator: "^")
      let power = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
      unit.dimensions.append(.init(base: String(parts[0]), power: power))
    }
    return unit
  }

  private static func rational(_ text: String) -> Rational? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let top = decimal(parts[0]) else { return nil }
    return parts.count == 1 ? top : decimal(parts[1]).flatMap { top / $0 }
  }

  private static func decimal(_ text: Substring) -> Rational? {
    if text.utf8.first != UInt8(ascii: "+"), let whole = Int(text) { return Rational(whole) }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), text.utf8.count <= 40,
      text.utf8.allSatisfy({ ".0123456789".utf8.contains($0) }),
      let digits = FixedDigits.integer(parts.joined())
    else { return nil }
    return digits / FixedDigits.powerOfTen(parts.count == 2 ? parts[1].utf8.count : 0)
  }
}
