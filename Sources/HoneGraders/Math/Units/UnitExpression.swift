/// A unit as a number of base units: what it measures, and how much of it.
package struct UnitExpression: Sendable, Equatable {
  /// One base unit and its power.
  struct Dimension: Sendable, Equatable {
    var base: String
    var power: Int
  }

  /// How many base units this is: 1/100 for a centimetre.
  var factor: Rational
  /// The base units, sorted by name, without powers of zero; empty for a pure number.
  var dimensions: [Dimension]
  /// As it is written, for reasons.
  var spelling: String

  init(factor: Rational, dimensions: [Dimension], spelling: String) {
    self.factor = factor
    self.dimensions = dimensions
    self.spelling = spelling
  }

  /// Something that is counted, such as apples: a dimension of its own.
  init(noun: String) {
    self.init(
      factor: .one, dimensions: [Dimension(base: "noun:\(noun)", power: 1)], spelling: noun)
  }

  /// Whether this is a noun rather than a measure.
  var isNoun: Bool { dimensions.contains { $0.base.hasPrefix("noun:") } }

  /// Whether this is nothing but money.
  var isCurrency: Bool {
    dimensions.count == 1 && dimensions[0].power == 1
      && UnitTable.currencies.contains(dimensions[0].base)
  }

  /// The product with another unit to a power of at most 9; nil where the numbers grow too large.
  func multiplied(by other: UnitExpression, power: Int, spelling: String) -> UnitExpression? {
    guard abs(power) <= 9, dimensions.count <= 8, factor.digits <= 200,
      let scaled = other.factor.power(power)
    else { return nil }
    var result = dimensions
    for dimension in other.dimensions {
      let added = dimension.power * power
      if let index = result.firstIndex(where: { $0.base == dimension.base }) {
        result[index].power += added
        if result[index].power == 0 { result.remove(at: index) }
      } else {
        result.append(Dimension(base: dimension.base, power: added))
      }
    }
    result.sort { $0.base < $1.base }
    return UnitExpression(factor: factor * scaled, dimensions: result, spelling: spelling)
  }
}
