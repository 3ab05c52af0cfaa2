import CKernels
import Foundation

/// Cosines and sines of rotary position embedding, for every position.
///
/// Su, Lu, Pan, Murtadha, Wen and Liu 2021, "RoFormer", eq. 34.
public struct RotaryTable: Sendable {
  /// The head size D, even.
  public let headSize: Int
  /// The number of positions.
  public let positions: Int
  /// [positions, D]: D/2 cosines, then D/2 sines.
  public let values: [Float]

  /// The table of angles position * theta^(-2i / D), computed in double and rounded once.
  public init(headSize: Int, positions: Int, theta: Double) {
    precondition(headSize % 2 == 0, "rotary embedding needs an even head size, not \(headSize)")
    self.headSize = headSize
    self.positions = positions
    let half = headSize / 2
    var table = [Float](repeating: 0, count: positions * headSize)
    for i in 0..<half {
      let frequency = pow(theta, -2 * Double(i) / Double(headSize))
      for position in 0..<positions {
        let angle = Double(position) * frequency
        table[position * headSize + i] = Float(cos(angle))
        table[position * headSize + half + i] = Float(sin(angle))
      }
    }
    values = table
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
