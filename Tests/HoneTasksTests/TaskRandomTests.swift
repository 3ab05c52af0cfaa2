import HoneTasks
import Testing

@Suite struct TaskRandomTests {
  @Test("The stream is fixed: rows that were published stay reproducible")
  func golden() {
    var random = TaskRandom(seed: 1, labels: ["a", "b"], index: 2)
    #expect(
      [random.next(), random.next()] == [7_578_956_976_368_590_286, 5_390_877_967_593_590_481])
  }

  @Test("Everything that names a stream changes it")
  func names() {
    let streams = [
      TaskRandom(seed: 1, labels: ["a", "b"], index: 2),
      TaskRandom(seed: 2, labels: ["a", "b"], index: 2),
      TaskRandom(seed: 1, labels: ["b", "a"], index: 2),
      TaskRandom(seed: 1, labels: ["ab"], index: 2),
      TaskRandom(seed: 1, labels: ["a", "b"], index: 3),
    ]
    var first: Set<UInt64> = []
    for var stream in streams { first.insert(stream.next()) }
    #expect(first.count == streams.count)
  }

  @Test("Integers stay in their range and hit every value about equally", arguments: [1, 3, 7, 10])
  func uniform(width: Int) {
    var random = TaskRandom(seed: 9, labels: ["uniform"], index: width)
    var counts = [Int](repeating: 0, count: width)
    let draws = 2000 * width
    for _ in 0..<draws { counts[random.integer(in: 5...(4 + width)) - 5] += 1 }
    // Five standard deviations of a binomial count.
    #expect(counts.allSatisfy { abs($0 - 2000) < 225 }, "\(counts)")
  }

  @Test("Shuffles keep the elements and reach every order")
  func shuffles() {
    var orders: Set<[Int]> = []
    for index in 0..<200 {
      var random = TaskRandom(seed: 0, labels: [], index: index)
      var items = [1, 2, 3]
      random.shuffle(&items)
      #expect(items.sorted() == [1, 2, 3])
      orders.insert(items)
    }
    #expect(orders.count == 6)
  }
}
