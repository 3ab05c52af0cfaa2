/// Sizes of the bundled families that no formula gives, as they were counted by drawing.
///
/// Counting takes seconds, and is the same every time: ``ProblemFamily/countedSize(difficulty:)`` of
/// the same family gives the same number, which a test holds. A family that changes what it draws
/// takes its row from there.
enum FamilySizes {
  /// Distinct keys by difficulty, from the family's easiest on.
  static let counted: [String: [Int]] = [
    "differences": [
      45, 413, 1807, 3240, 3857, 4021, 4068, 4087, 4091, 4093, 4096, 4096, 4096, 4096, 4096,
    ],
    "countdown": [138, 1155, 3238, 3839, 4002],
    "word-problems": [686, 2502, 3114, 3936],
    "sequences": [2663, 3143, 3686, 3718, 3729, 3681],
    "equations": [413, 2399, 2268, 2301],
    "last-digit": [87, 931, 3117, 3930, 4070, 4095, 4095, 4096, 4096, 4096, 4096, 4096],
    "synthesis": [257, 2016, 3709, 4059, 4089, 4094],
  ]

  /// The number for a difficulty of a bundled family, or nil.
  static func counted(_ family: any ProblemFamily, _ difficulty: Int) -> Int? {
    guard let sizes = counted[family.name], Families.isBundled(family) else { return nil }
    let index = difficulty - family.difficulties.lowerBound
    return sizes.indices.contains(index) ? sizes[index] : nil
  }
}
