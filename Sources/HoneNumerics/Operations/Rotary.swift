import CKernels
import Foundation

/// Cosines and sines of rotary position embedding, for the first positions.
///
/// Su, Lu, Pan, Murtadha, Wen and Liu 2021, "RoFormer", eq. 34.
public struct RotaryTable: Sendable {
  /// The head size D, even.
  public let headSize: Int
  /// The number of positions.
  public private(set) var positions: Int = 0
  /// [positions, D]: D/2 cosines, then D/2 sines.
  public private(set) var values: [Float] = []
  /// theta^(-2i / D).
  private let frequencies: [Double]

  /// The table of angles position * theta^(-2i / D), computed in double and rounded once.
  public init(headSize: Int, positions: Int, theta: Double) {
    precondition(headSize % 2 == 0, "rotary embedding needs an even head size, not \(headSize)")
    self.headSize = headSize
    frequencies = (0..<headSize / 2).map { pow(theta, -2 * Double($0) / Double(headSize)) }
    grow(to: positions)
  }

  /// Adds positions; what is there stays, and a table that grew is one that was made as large.
  public mutating func grow(to positions: Int) {
    guard positions > self.positions else { return }
    values.reserveCapacity(positions * headSize)
    for position in self.positions..<positions {
      let angles = frequencies.map { Double(position) * $0 }
      for angle in angles { values.append(Float(cos(angle))) }
      for angle in angles { values.append(Float(sin(angle))) }
    }
    self.positions = positions
  }
}

extension Compute {
  /// Rotates `heads` consecutive heads of each row in place, by the row's position.
  ///
  /// The backward pass is the rotation back (`inverse`), applied to the gradient.
  public func rotary(
    rows: Int, heads: Int, positions: UnsafePointer<Int32>, table: RotaryTable,
    x: UnsafeMutablePointer<Float>, xStride: Int, inverse: Bool = false
  ) {
    table.values.withUnsafeBufferPointer { values in
      let base = values.baseAddress
      forEachChunk(of: rows, chunk: rowChunk) { range in
        for row in range {
          precondition(
            positions[row] >= 0 && positions[row] < table.positions,
            "position \(positions[row]) is not in a rotary table of \(table.positions)")
        }
        kernels.rotary(
          range.count, heads, table.headSize, positions + range.lowerBound, base,
          x + range.lowerBound * xStride, xStride, inverse ? 1 : 0)
      }
    }
  }
}
