public import HoneNumerics

extension Compute {
  /// The rate at which this machine reads memory now, in bytes a second: all workers add up their
  /// parts of one buffer that fits in no cache.
  ///
  /// The best of `repeats` rounds: other programs only slow it down.
  /// - Parameter bytes: size of the buffer, rounded down to whole pieces of 1 MiB, at least one.
  public func readBandwidth(bytes: Int = 256 << 20, repeats: Int = 8) -> Double {
    let pieceBytes = 1 << 20
    let pieces = max(1, bytes / pieceBytes)
    let buffer = TensorBuffer(count: pieces * pieceBytes / MemoryLayout<Float>.stride)
    // Pages that were never written are one page of zeros in the cache.
    for index in 0..<buffer.count { buffer.pointer[index] = Float(index & 15) }
    let memory = UnsafeMutableRawPointer(buffer.pointer)
    let vectors = pieceBytes / MemoryLayout<SIMD8<UInt64>>.stride
    var sums = [UInt64](repeating: 0, count: pieces)
    var best = 0.0
    for _ in 0...repeats {
      let start = ContinuousClock.now
      sums.withUnsafeMutableBufferPointer { sums in
        team.run(tasks: pieces) { piece in
          let part = (memory + piece * pieceBytes).assumingMemoryBound(to: SIMD8<UInt64>.self)
          var (first, second) = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
          for index in stride(from: 0, to: vectors, by: 2) {
            first &+= part[index]
            second &+= part[index + 1]
          }
          // Kept, so that the reading cannot be left out.
          sums[piece] = (first &+ second).wrappedSum()
        }
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      best = max(best, Double(pieces * pieceBytes) / seconds)
    }
    precondition(sums.allSatisfy { $0 == sums[0] }, "equal pieces of memory had other sums")
    return best
  }
}
