import BigInt

/// Compares a prediction with a reference; the reference decides what is compared.
struct MathEquality {
  /// The outcome and the rule that decided.
  struct Outcome: Hashable {
    var isEqual: Bool
    var reason: String
  }

  let policy: MathPolicy

  /// Compares two answers.
  func compare(reference: MathValue, prediction: MathValue) -> Outcome {
    switch (reference, prediction) {
    case (.number(let wanted), .number(let seen)):
      return compare(reference: wanted, prediction: seen)
    case (.tuple(let open, let wanted, let close), .tuple(let otherOpen, let seen, let otherClose)):
      guard open == otherOpen, close == otherClose else {
        return different("brackets \(otherOpen)\(otherClose), wanted \(open)\(close)")
      }
      return compareInOrder(wanted, seen)
    case (.set(let wanted, _), .set(let seen, _)):
      return compareAsSets(wanted, seen)
    // One answer in set braces, or not: the braces say nothing about the answer.
    case (.set(let wanted, isBraced: true), _) where wanted.count == 1:
      return compare(reference: wanted[0], prediction: prediction)
    case (_, .set(let seen, isBraced: true)) where seen.count == 1:
      return compare(reference: reference, prediction: seen[0])
    case (.text(let wanted), .text(let seen)):
      return wanted == seen
        ? Outcome(isEqual: true, reason: "equal: same text")
        : different("text \(Self.shown(seen)), wanted \(Self.shown(wanted))")
    default:
      return different("\(prediction.kind), wanted \(reference.kind)")
    }
  }

  // MARK: - Numbers

  private func compare(reference: MathNumber, prediction: MathNumber) -> Outcome {
    if let wanted = reference.symbol, let seen = prediction.symbol, wanted != seen {
      return different("a value for \(seen), wanted one for \(wanted)")
    }
    if let wanted = reference.unit, let seen = prediction.unit, wanted != seen {
      return different("unit \(seen), wanted \(wanted)")
    }
    if policy.comparesCurrency, let wanted = reference.currency, let seen = prediction.currency,
      wanted != seen
    {
      return different("currency \(seen), wanted \(wanted)")
    }
    let hundredth = Rational(1, over: 100) ?? Rational(1)
    let wanted = reference.isPercent ? reference.value * hundredth : reference.value
    let seen = prediction.isPercent ? prediction.value * hundredth : prediction.value
    if wanted == seen { return Outcome(isEqual: true, reason: "equal: rational \(wanted)") }
    // 28 for 28 % and the reverse: the question asked for a percentage. Below one the two
    // readings are too easily confused.
    if reference.isPercent != prediction.isPercent, reference.value.magnitude >= Rational(1),
      reference.value == prediction.value
    {
      return Outcome(
        isEqual: true, reason: "equal: \(reference.value) with and without the percent sign")
    }
    return approximate(wanted, reference, seen, prediction)
  }

  /// Where one side is a rounded decimal.
  ///
  /// Whole numbers are never taken for rounded.
  private func approximate(
    _ wanted: Rational, _ reference: MathNumber, _ seen: Rational, _ prediction: MathNumber
  ) -> Outcome {
    if let decimals = reference.decimals, decimals > 0 {
      // A reference with two or more decimals and a prediction that is plainly the same value
      // before it was rounded.
      let isFiner = prediction.decimals.map { $0 > decimals && prediction.significantDigits >= 6 }
      let isUnrounded = isFiner ?? !seen.terminates
      if decimals >= 2, isUnrounded, rounds(prediction.value, to: reference.value, decimals) {
        return Outcome(
          isEqual: true, reason: "equal: rounds to the reference's \(decimals) decimals")
      }
      if let part = policy.measurementTolerance, isWithin(seen, wanted, oneIn: BigInt(part)) {
        return Outcome(isEqual: true, reason: "equal: within 1/\(part) of a decimal reference")
      }
    } else if !wanted.isInteger, let decimals = prediction.decimals, decimals > 0,
      prediction.significantDigits >= 6, !wanted.terminates,
      isWithin(seen, wanted, oneIn: 1_000_000)
    {
      return Outcome(
        isEqual: true,
        reason: "equal: \(prediction.significantDigits) significant digits of \(wanted)")
    }
    return different("\(seen), wanted \(wanted)")
  }

  /// Whether a value lies within half a unit of the last decimal of a reference.
  private func rounds(_ value: Rational, to reference: Rational, _ decimals: Int) -> Bool {
    guard let half = Rational(1, over: 2 * BigInt(10).power(decimals)) else { return false }
    return (value - reference).magnitude <= half
  }

  private func isWithin(_ value: Rational, _ reference: Rational, oneIn part: BigInt) -> Bool {
    (value - reference).magnitude * Rational(part) <= reference.magnitude
  }

  // MARK: - Several

  private func compareInOrder(_ wanted: [MathValue], _ seen: [MathValue]) -> Outcome {
    guard wanted.count == seen.count else {
      return different("\(seen.count) members, wanted \(wanted.count)")
    }
    for (index, (reference, prediction)) in zip(wanted, seen).enumerated() {
      let outcome = compare(reference: reference, prediction: prediction)
      guard outcome.isEqual else {
        return Outcome(isEqual: false, reason: "member \(index + 1): \(outcome.reason)")
      }
    }
    return Outcome(isEqual: true, reason: "equal: \(wanted.count) members in order")
  }

  /// Every member has its counterpart, and none has two.
  private func compareAsSets(_ wanted: [MathValue], _ seen: [MathValue]) -> Outcome {
    guard wanted.count == seen.count else {
      return different("\(seen.count) members, wanted \(wanted.count)")
    }
    guard wanted.count <= 64 else {
      // Matching is quadratic; long lists are compared as they stand.
      return compareInOrder(wanted, seen)
    }
    var rest = seen
    for reference in wanted {
      guard
        let match = rest.firstIndex(where: {
          compare(reference: reference, prediction: $0).isEqual
        })
      else { return different("a member of the reference is missing") }
      rest.remove(at: match)
    }
    return Outcome(isEqual: true, reason: "equal: \(wanted.count) members in any order")
  }

  // MARK: - Reasons

  private func different(_ text: String) -> Outcome {
    Outcome(isEqual: false, reason: "different: \(text)")
  }

  private static func shown(_ text: String) -> String {
    text.count <= 40 ? "'\(text)'" : "'\(text.prefix(40))…'"
  }
}
