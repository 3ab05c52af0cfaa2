import HoneTraining
import Testing

@Suite("Order of problems")
struct BatchOrderTests {
  @Test("every epoch is a permutation", arguments: [1, 2, 3, 10, 1000])
  func permutations(_ count: Int) {
    let order = BatchOrder(count: count, seed: 4)
    for epoch in 0..<5 {
      #expect(order.permutation(epoch: epoch).sorted() == Array(0..<count))
      #expect(order.permutation(epoch: epoch) == order.permutation(epoch: epoch))
    }
  }

  @Test func seedSaltAndEpochMatter() {
    let orders = [
      BatchOrder(count: 50, seed: 0).permutation(epoch: 0),
      BatchOrder(count: 50, seed: 0).permutation(epoch: 1),
      BatchOrder(count: 50, seed: 1).permutation(epoch: 0),
      BatchOrder(count: 50, seed: 0, salt: 1).permutation(epoch: 0),
      BatchOrder(count: 50, seed: 1, salt: 1).permutation(epoch: 0),
    ]
    #expect(Set(orders).count == orders.count)
  }

  @Test("the order is fixed: a run of last year resumes")
  func fixed() {
    #expect(BatchOrder(count: 8, seed: 0).permutation(epoch: 0) == [3, 5, 0, 2, 4, 7, 6, 1])
  }

  @Test("batches of any size go through every problem once an epoch", arguments: 1...12)
  func batches(_ size: Int) {
    let order = BatchOrder(count: 7, seed: 3)
    var cursor = BatchCursor()
    var seen: [Int] = []
    while seen.count < 7 * size {
      let batch = order.batch(size, from: &cursor)
      #expect(batch.count == size)
      seen += batch
    }
    for epoch in 0..<size {
      #expect(Array(seen[epoch * 7..<(epoch + 1) * 7]) == order.permutation(epoch: epoch))
    }
  }

  @Test("a cursor that was stored goes on exactly")
  func resume() {
    let order = BatchOrder(count: 10, seed: 9)
    var whole = BatchCursor()
    var parts = BatchCursor()
    for _ in 0..<20 {
      let expected = order.batch(3, from: &whole)
      var copy = BatchCursor(epoch: parts.epoch, position: parts.position)
      #expect(order.batch(3, from: &copy) == expected)
      parts = copy
    }
  }

  @Test func noBias() {
    // Where problem 0 lands over many epochs: 5 places, 5000 draws, 1000 each within 5 deviations.
    var counts = [Int](repeating: 0, count: 5)
    let order = BatchOrder(count: 5, seed: 1)
    for epoch in 0..<5000 {
      if let place = order.permutation(epoch: epoch).firstIndex(of: 0) { counts[place] += 1 }
    }
    #expect(counts.reduce(0, +) == 5000)
    for count in counts { #expect(abs(count - 1000) < 142) }
  }
}
