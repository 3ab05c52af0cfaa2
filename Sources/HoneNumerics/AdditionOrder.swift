import Foundation

/// The order of additions that the BLAS at hand was found to follow.
public enum AdditionOrder: String, Sendable {
  /// The house order, on fixed panels: BLAS and the own kernel give the same bits.
  case house
  /// Some other order: BLAS is kept out of the forward pass.
  case other

  /// What a probe of a handful of shapes found, once per process.
  ///
  /// The probe varies rows, position, width and summed length; each product is compared, bit by bit,
  /// with scalar fused multiply-adds in the house order.
  public static let found: AdditionOrder = probe()

  /// The block lengths of a sum over `inner` elements, in order.
  public static func blocks(inner: Int) -> [Int] {
    var left = inner
    var lengths: [Int] = []
    while left > 0 {
      let length = left >= 640 ? 320 : left > 320 ? (left / 2 + 7) / 8 * 8 : left
      lengths.append(length)
      left -= length
    }
    return lengths
  }

  /// One element in the house order, in scalar arithmetic: the definition that others are tested by.
  public static func element(inner: Int, a: (Int) -> Float, b: (Int) -> Float) -> Float {
    var total: Float = 0
    var start = 0
    for length in blocks(inner: inner) {
      var sum: Float = 0
      for k in start..<start + length { sum.addProduct(a(k), b(k)) }
      total += sum
      start += length
    }
    return total
  }

  private static func probe() -> AdditionOrder {
    // Nothing follows an order that is not there: forward passes need no BLAS.
    guard BLASLibrary.isUsable(threads: 1) else { return .other }
    let team = WorkerTeam(workers: 1)
    // 322 and 500 are cut elsewhere by roundings to 4 and to 16 than by ours to 8.
    let shapes = [
      (1, 16, 64), (13, 40, 322), (7, 24, 500), (24, 304, 704), (30, 312, 1100),
    ]
    for (rows, columns, inner) in shapes {
      let stream = RandomStream(seed: 7, purpose: .initialization, problem: "\(rows)x\(columns)")
      let a = (0..<rows * inner).map { Float(stream.uniform(sample: 0, position: $0)) - 0.5 }
      let b = (0..<inner * columns).map { Float(stream.uniform(sample: 1, position: $0)) - 0.5 }
      var c = [Float](repeating: 0, count: rows * columns)
      c.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            guard let c = c.baseAddress, let a = a.baseAddress, let b = b.baseAddress else {
              return
            }
            BLASPanels.multiply(
              team: team, rows: rows, columns: columns, inner: inner, a: a, aStride: inner, b: b,
              bStride: columns, layout: .plain, c: c, cStride: columns)
          }
        }
      }
      // A prime stride walks over every residue of row and column without testing every element.
      for index in stride(from: 0, to: rows * columns, by: 7) {
        let (row, column) = (index / columns, index % columns)
        let expected = element(
          inner: inner, a: { a[row * inner + $0] }, b: { b[$0 * columns + column] })
        if c[index].bitPattern != expected.bitPattern { return .other }
      }
    }
    return .house
  }
}
