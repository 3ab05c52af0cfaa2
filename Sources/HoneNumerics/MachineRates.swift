import COpenBLAS
import Foundation

extension Compute {
  /// The rate of large square products on this machine now, in operations a second.
  ///
  /// ``BLASLibrary/require(threads:)`` first. Every worker multiplies square matrices with OpenBLAS, on one thread each; two
  /// operations a multiply-add. The best of `repeats` rounds: other programs only slow it down.
  public func squareMultiplyRate(size: Int = 1024, repeats: Int = 5) -> Double {
    let count = size * size
    let (a, b) = (TensorBuffer(count: count), TensorBuffer(count: count))
    let products = (0..<team.workers).map { _ in TensorBuffer(count: count) }
    for index in 0..<count {
      a.pointer[index] = Float(index % 13) - 6
      b.pointer[index] = Float(index % 7) - 3
    }
    let side = Int32(size)
    BLASLibrary.mustHave(threads: team.workers)
    var best = 0.0
    for _ in 0...repeats {
      let start = ContinuousClock.now
      team.run(tasks: team.workers) { worker in
        copenblas_sgemm(
          Int32(COpenBLASNoTrans), Int32(COpenBLASNoTrans), side, side, side, 1, a.pointer, side,
          b.pointer, side, 0, products[worker].pointer, side)
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      best = max(best, 2 * Double(count) * Double(size) * Double(team.workers) / seconds)
    }
    return best
  }
}
