import BigInt

/// The entries of ``UnitTable/standard``.
///
/// Dimensions are sorted by name and factors are exact, by definition or by treaty.
enum StandardUnits {
  static let entries: [(names: [String], factor: String, dimensions: [String])] =
    length + mass + time + volume + mechanics + electricity + money + counts + metric

  private static let length: [(names: [String], factor: String, dimensions: [String])] = [
    (["m", "meter", "meters", "metre", "metres"], "1", ["m"]),
    (["in", "inch", "inches"], "0.0254", ["m"]),
    (["ft", "foot", "feet"], "0.3048", ["m"]),
    (["yd", "yds", "yard", "yards"], "0.9144", ["m"]),
    (["mi", "mile", "miles"], "1609.344", ["m"]),
    (["nmi"], "1852", ["m"]),
    (["acre", "acres"], "4046.8564224", ["m^2"]),
    (["ha", "hectare", "hectares"], "10000", ["m^2"]),
  ]

  private static let mass: [(names: [String], factor: String, dimensions: [String])] = [
    (["g", "gram", "grams", "gramme", "grammes"], "1", ["g"]),
    (["lb", "lbs", "pound", "pounds"], "453.59237", ["g"]),
    (["oz", "ounce", "ounces"], "28.349523125", ["g"]),
    (["ton", "tons"], "907184.74", ["g"]),
    (["tonne", "tonnes"], "1000000", ["g"]),
  ]

  private static let time: [(names: [String], factor: String, dimensions: [String])] = [
    (["s", "sec", "secs", "second", "seconds"], "1", ["s"]),
    (["min", "mins", "minute", "minutes"], "60", ["s"]),
    (["h", "hr", "hrs", "hour", "hours"], "3600", ["s"]),
    (["day", "days"], "86400", ["s"]),
    (["week", "weeks"], "604800", ["s"]),
    (["month", "months"], "1", ["month"]),
    (["yr", "yrs", "year", "years"], "12", ["month"]),
    (["Hz", "hertz"], "1", ["s^-1"]),
    (["mph"], "1609.344/3600", ["m", "s^-1"]),
    (["kph", "kmph", "kmh"], "1000/3600", ["m", "s^-1"]),
    (["rpm"], "1/60", ["s^-1"]),
  ]

  private static let volume: [(names: [String], factor: String, dimensions: [String])] = [
    (["L", "l", "liter", "liters", "litre", "litres"], "0.001", ["m^3"]),
    (["cc"], "0.000001", ["m^3"]),
    (["gal", "gallon", "gallons"], "0.003785411784", ["m^3"]),
    (["qt", "quart", "quarts"], "0.000946352946", ["m^3"]),
    (["pt", "pint", "pints"], "0.000473176473", ["m^3"]),
    (["cup", "cups"], "0.0002365882365", ["m^3"]),
  ]

  private static let mechanics: [(names: [String], factor: String, dimensions: [String])] = [
    (["N", "newton", "newtons"], "1000", ["g", "m", "s^-2"]),
    (["J", "joule", "joules"], "1000", ["g", "m^2", "s^-2"]),
    (["W", "watt", "watts"], "1000", ["g", "m^2", "s^-3"]),
    (["Pa", "pascal", "pascals"], "1000", ["g", "m^-1", "s^-2"]),
    (["atm"], "101325000", ["g", "m^-1", "s^-2"]),
    (["cal", "calorie", "calories"], "4184", ["g", "m^2", "s^-2"]),
    (["K", "kelvin", "kelvins"], "1", ["K"]),
    (["celsius", "centigrade"], "1", ["celsius"]),
    (["fahrenheit"], "1", ["fahrenheit"]),
    (["mol", "mole", "moles"], "1", ["mol"]),
    (["M"], "1000", ["m^-3", "mol"]),
    (["dyn", "dyne", "dynes"], "0.01", ["g", "m", "s^-2"]),
    (["erg", "ergs"], "0.0001", ["g", "m^2", "s^-2"]),
  ]

  private static let electricity: [(names: [String], factor: String, dimensions: [String])] = [
    (["A", "amp", "amps", "ampere", "amperes"], "1", ["A"]),
    (["V", "volt", "volts"], "1000", ["A^-1", "g", "m^2", "s^-3"]),
    (["ohm", "ohms"], "1000", ["A^-2", "g", "m^2", "s^-3"]),
    (["C", "coulomb", "coulombs"], "1", ["A", "s"]),
    (["F", "farad", "farads"], "0.001", ["A^2", "g^-1", "m^-2", "s^4"]),
    (["T", "tesla", "teslas"], "1000", ["A^-1", "g", "s^-2"]),
    (["eV"], "0.0000000000000001602176634", ["g", "m^2", "s^-2"]),
    (["Jy"], "1", ["Jy"]),
  ]

  private static let money: [(names: [String], factor: String, dimensions: [String])] = [
    (["dollar", "dollars", "USD", "usd", "bucks"], "1", ["$"]),
    (["cent", "cents", "¢"], "0.01", ["$"]),
    (["penny", "pennies"], "0.01", ["$"]),
    (["nickel", "nickels"], "0.05", ["$"]),
    (["euro", "euros", "EUR", "eur"], "1", ["€"]),
    (["GBP", "gbp"], "1", ["£"]),
    (["yen", "JPY", "yuan", "RMB"], "1", ["¥"]),
    (["rupee", "rupees", "INR"], "1", ["₹"]),
  ]

  private static let counts: [(names: [String], factor: String, dimensions: [String])] = [
    (["unit", "units"], "1", ["unit"]),
    (["rad", "radian", "radians"], "1", ["rad"]),
    (["bit", "bits"], "1", ["bit"]),
    (["byte", "bytes"], "8", ["bit"]),
  ]

  /// The names with metric prefixes.
  private static let metric: [(names: [String], factor: String, dimensions: [String])] = {
    let prefixes: [(short: String, long: String, power: Int)] = [
      ("k", "kilo", 3), ("c", "centi", -2), ("m", "milli", -3), ("d", "deci", -1),
      ("M", "mega", 6), ("G", "giga", 9), ("n", "nano", -9), ("p", "pico", -12),
      ("u", "micro", -6), ("h", "hecto", 2),
    ]
    let metricNames: Set<String> = [
      "m", "meter", "g", "gram", "s", "second", "L", "liter", "N", "newton", "J", "joule", "W",
      "watt", "Pa", "pascal", "V", "volt", "A", "ampere", "Hz", "hertz", "eV", "mol", "cal",
      "calorie", "ohm", "metre", "litre", "byte", "bit", "T", "F", "K", "meters", "metres",
      "grams", "seconds", "liters", "litres", "newtons", "joules", "watts", "pascals", "volts",
      "amps", "calories", "l", "bytes", "bits", "M",
    ]
    var made: [(names: [String], factor: String, dimensions: [String])] = []
    let plain = length + mass + time + volume + mechanics + electricity + counts
    for (names, factor, dimensions) in plain {
      for (short, long, power) in prefixes {
        let prefixed = names.filter(metricNames.contains).map { name in
          (name.utf8.count <= 3 ? short : long) + name
        }
        // Hectares, hours, minutes, pints and feet keep their names.
        let free = prefixed.filter {
          !["min", "cd", "pt", "ft", "hr", "nmi", "pT", "mM"].contains($0)
        }
        guard !free.isEmpty else { continue }
        let zeros = String(repeating: "0", count: abs(power))
        let scaled =
          power > 0
          ? FixedDigits.times(factor, "1" + zeros) : FixedDigits.times(factor, "1/1" + zeros)
        made.append((free, scaled, dimensions))
      }
    }
    made.append((["kilo", "kilos", "kgs"], "1000", ["g"]))
    made.append((["kms"], "1000", ["m"]))
    made.append((["cms"], "0.01", ["m"]))
    return made
  }()
}

/// Exact arithmetic on the digits of a table.
enum FixedDigits {
  static func integer(_ digits: String, radix: Int = 10) -> Rational? {
    BigInt(digits.isEmpty ? "0" : digits, radix: radix).map { Rational($0) }
  }

  static func powerOfTen(_ exponent: Int) -> Rational { Rational(BigInt(10).power(exponent)) }

  /// The product of two factors, as a factor that divides at most once.
  static func times(_ factor: String, _ scale: String) -> String {
    let parts = factor.split(separator: "/")
    let scales = scale.split(separator: "/")
    let top = [String(parts[0]), String(scales[0])]
    let bottom = [
      parts.count > 1 ? String(parts[1]) : "1", scales.count > 1 ? String(scales[1]) : "1",
    ]
    return product(top) + "/" + product(bottom)
  }

  private static func product(_ factors: [String]) -> String {
    var digits = BigInt(1)
    var decimals = 0
    for factor in factors {
      let parts = factor.split(separator: ".", omittingEmptySubsequences: false)
      digits *= BigInt(parts.joined()) ?? 1
      if parts.count > 1 { decimals += parts[1].utf8.count }
    }
    let text = String(digits)
    guard decimals > 0 else { return text }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - text.utf8.count)) + text
    return "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }
}
