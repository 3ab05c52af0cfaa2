import Foundation
import HoneGraders
import Synchronization
import Testing

@Suite struct OnceCacheTests {
  @Test("A result is made once and remembered; one that may not be is made again")
  func once() {
    let cache = OnceCache<Int, Int>(maximumCount: 4, maximumCost: 100)
    var made: [Int] = []
    func value(_ key: Int, cost: Int? = 1) -> Int {
      cache.value(of: key) {
        made.append(key)
        return (key * 10, cost)
      }
    }
    #expect(value(1) == 10 && value(1) == 10 && value(2) == 20 && value(1) == 10)
    #expect(made == [1, 2])
    #expect(value(3, cost: nil) == 30 && value(3, cost: nil) == 30)
    #expect(made == [1, 2, 3, 3])
    #expect(cache.count == 2)
  }

  @Test("The least recently used results go first")
  func eviction() {
    let cache = OnceCache<Int, Int>(maximumCount: 3, maximumCost: 100)
    var made: [Int] = []
    func use(_ key: Int) {
      _ = cache.value(of: key) {
        made.append(key)
        return (key, 1)
      }
    }
    for key in [1, 2, 3, 1, 4] { use(key) }
    #expect(cache.count == 3)
    made = []
    for key in [1, 3, 4] { use(key) }
    #expect(made == [])
    use(2)
    #expect(made == [2])
    use(1)
    #expect(made == [2, 1])
  }

  @Test("Results go as well when they cost too much together; one alone may be too dear")
  func cost() {
    let cache = OnceCache<Int, Int>(maximumCount: 100, maximumCost: 10)
    for key in 0..<20 { _ = cache.value(of: key) { (key, 3) } }
    #expect(cache.count == 3)
    _ = cache.value(of: 100) { (100, 11) }
    #expect(cache.count == 3)
    _ = cache.value(of: 101) { (101, 10) }
    #expect(cache.count == 1)
  }

  @Test("A long life of many keys keeps what was used last")
  func longLife() {
    let cache = OnceCache<Int, Int>(maximumCount: 10, maximumCost: 1000)
    var made = 0
    for round in 0..<5000 {
      let key = round % 3 == 0 ? -1 : round
      _ = cache.value(of: key) {
        made += key == -1 ? 1 : 0
        return (key, 1)
      }
    }
    #expect(made == 1)
    #expect(cache.count == 10)
  }

  @Test("Whoever asks for a result that is being made waits for it", .timeLimit(.minutes(1)))
  func concurrency() {
    let cache = OnceCache<Int, Int>(maximumCount: 100, maximumCost: 1000)
    let made = Mutex<[Int: Int]>([:])
    let results = GradingPool(workers: 8).map(Array(0..<400)) { index in
      cache.value(of: index % 4) {
        Thread.sleep(forTimeInterval: 0.02)
        made.withLock { $0[index % 4, default: 0] += 1 }
        return (index % 4 * 10, 1)
      }
    }
    #expect(results == (0..<400).map { $0 % 4 * 10 })
    #expect(made.withLock { $0 } == [0: 1, 1: 1, 2: 1, 3: 1])
  }

  @Test("Those who waited in vain make their own", .timeLimit(.minutes(1)))
  func disappointment() {
    let cache = OnceCache<Int, Int>(maximumCount: 100, maximumCost: 1000)
    let made = Mutex(0)
    let results = GradingPool(workers: 4).map(Array(0..<8)) { _ in
      cache.value(of: 0) {
        Thread.sleep(forTimeInterval: 0.01)
        let count = made.withLock {
          $0 += 1; return $0
        }
        // The third one may be remembered.
        return (count, count == 3 ? 1 : nil)
      }
    }
    #expect(made.withLock { $0 } == 3)
    #expect(results.sorted() == [1, 2, 3, 3, 3, 3, 3, 3])
  }
}
