import HoneNumerics
import Testing

/// The only suite that allocates tensor buffers: the counters are the process's.
@Suite(.serialized) struct TensorBufferTests {
  @Test(arguments: [0, 1, 1023, 1024, 1025, 1 << 20]) func startsAtZero(count: Int) {
    // Written and freed first, so that pages which come back would show.
    do {
      let dirty = TensorBuffer(count: count)
      for index in 0..<count { dirty.pointer[index] = 7 }
    }
    let buffer = TensorBuffer(count: count)
    #expect(buffer.count == count)
    #expect(buffer.array.count == count)
    #expect(buffer.array.allSatisfy { $0.bitPattern == 0 })
    #expect(UInt(bitPattern: buffer.pointer) % 4096 == 0)
  }

  @Test func copiesAndZeroes() {
    let values: [Float] = (0..<1000).map { Float($0) - 500 }
    let (buffer, other) = (TensorBuffer(values), TensorBuffer(count: 1000))
    #expect(buffer.array == values)
    other.copy(from: buffer)
    buffer.zero()
    #expect(other.array == values)
    #expect(buffer.array == [Float](repeating: 0, count: 1000))
  }

  @Test func countsAllocations() {
    let (count, bytes) = (TensorBuffer.allocationCount, TensorBuffer.allocatedBytes)
    do {
      let buffers = [TensorBuffer(count: 100), TensorBuffer([1, 2, 3]), TensorBuffer(count: 0)]
      #expect(TensorBuffer.allocationCount == count + 3)
      #expect(TensorBuffer.allocatedBytes == bytes + 400 + 12 + 4)
      #expect(buffers.map(\.count) == [100, 3, 0])
    }
    #expect(TensorBuffer.allocationCount == count + 3)
    #expect(TensorBuffer.allocatedBytes == bytes)
  }
}
