/// Numbers drawn from a seed: the same on every machine, and not to be guessed from the question.
struct PointSource {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A seed from a text, by FNV-1a.
  init(_ text: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    state = hash
  }

  /// The next 64 bits, by SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A fraction between 1/16 and 1, of 40 bits.
  mutating func fraction() -> Rational {
    let bits = Int(next() >> 24)
    return Rational(bits / 16 * 15 + 1 << 36, 1 << 40)
  }

  /// A value in one of the domains where expressions behave differently: below one, above one, on
  /// both sides of zero, and far out.
  mutating func value(domain: Int) -> Rational {
    let fraction = fraction()
    switch domain % 6 {
    case 0: return fraction + .one
    case 1: return fraction
    case 2: return -(fraction + .one)
    case 3: return fraction * Rational(40) + Rational(3)
    case 4: return -fraction
    default: return fraction * Rational(8)
    }
  }

  /// A small whole number.
  mutating func wholeNumber() -> Rational { Rational(2 + Int(next() % 24)) }
}
