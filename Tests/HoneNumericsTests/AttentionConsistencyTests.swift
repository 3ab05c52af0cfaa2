import Foundation
import HoneNumerics
import Testing

/// A query row has one result, whatever pass it is computed in: prefill, training rows, with the
/// prompt as a parent or in one piece with it, or token by token out of a cache.
@Suite struct AttentionConsistencyTests {
  /// A prompt and its completion.
  struct Case: Sendable {
    var heads: Int
    var keyValueHeads: Int
    var headSize: Int
    var prompt: Int
    var completion: Int
  }

  private static let cases: [Case] = [
    Case(heads: 1, keyValueHeads: 1, headSize: 16, prompt: 1, completion: 3),
    Case(heads: 4, keyValueHeads: 2, headSize: 8, prompt: 5, completion: 19),
    Case(heads: 3, keyValueHeads: 1, headSize: 24, prompt: 17, completion: 13),
    Case(heads: 6, keyValueHeads: 2, headSize: 10, prompt: 48, completion: 33),
    Case(heads: 9, keyValueHeads: 3, headSize: 64, prompt: 31, completion: 8),
    Case(heads: 7, keyValueHeads: 1, headSize: 6, prompt: 100, completion: 21),
    // Longer than a block of the edge columns (320).
    Case(heads: 2, keyValueHeads: 1, headSize: 20, prompt: 333, completion: 9),
    Case(heads: 2, keyValueHeads: 2, headSize: 16, prompt: 7, completion: 350),
  ]

  /// One test's shape, rows and the ways to compute them.
  private struct Passes {
    var test: Case
    var compute: Compute
    var arena: Arena
    let shape: AttentionShape
    /// The prompt's rows, then the completion's.
    let fused: UnsafeMutablePointer<Float>

    init(_ test: Case, _ compute: Compute, _ arena: Arena) {
      self.test = test
      self.compute = compute
      self.arena = arena
      shape = AttentionShape(
        heads: test.heads, keyValueHeads: test.keyValueHeads, headSize: test.headSize)
      fused = arena.random((test.prompt + test.completion) * shape.fusedWidth, scale: 2)
    }

    var outWidth: Int { shape.heads * shape.headSize }

    /// A cache with room for more than `length` positions, of NaN until written.
    func cache(_ length: Int) -> KeyValues {
      let capacity = KeyValues.capacity(for: length + 29)
      let elements = shape.keyValueHeads * shape.headSize * capacity
      return KeyValues(
        keys: arena.filled(elements, .nan), capacity: capacity,
        values: arena.filled(elements, .nan), valueHeadStride: capacity * shape.headSize,
        valueStride: shape.headSize)
    }

    /// The rows `range` of the sequence as one segment over caches; returns their bits.
    func pass(
      _ range: Range<Int>, firstOwn: Int, own: KeyValues, parent: KeyValues? = nil
    ) -> [UInt32] {
      var segment = AttentionSegment(
        firstRow: range.lowerBound, rows: range.count, firstOwn: firstOwn, own: own)
      if let parent {
        segment.parent = parent
        segment.parentLength = test.prompt
      }
      let out = arena.filled((test.prompt + test.completion) * outWidth, .nan)
      compute.storeKeyValues(
        shape: shape, segments: [segment], fused: fused, includingValues: true)
      compute.attention(shape: shape, segments: [segment], fused: fused, out: out)
      return bits(out + range.lowerBound * outWidth, range.count * outWidth)
    }
  }

  private func check(_ test: Case, kernelName: String) throws {
    let compute = try Compute(testing: kernelName, workers: 2)
    withArena { arena in
      let passes = Passes(test, compute, arena)
      let (prompt, whole) = (test.prompt, test.prompt + test.completion)
      let width = passes.outWidth

      // All in one piece: what every other way is compared with.
      let expected = passes.pass(0..<whole, firstOwn: 0, own: passes.cache(whole))
      #expect(expected.allSatisfy { !Float(bitPattern: $0).isNaN })
      let (expectedPrompt, expectedRest) = (
        Array(expected[..<(prompt * width)]), Array(expected[(prompt * width)...])
      )

      // The prompt alone, then the completion with the prompt as its parent: rows together...
      let shared = passes.cache(prompt)
      #expect(passes.pass(0..<prompt, firstOwn: 0, own: shared) == expectedPrompt, "prefill")
      let together = passes.pass(
        prompt..<whole, firstOwn: 0, own: passes.cache(test.completion), parent: shared)
      #expect(together == expectedRest, "training rows with a parent")

      // ...and one by one, and in runs of several.
      for run in [1, 4, 7] {
        let (own, flat) = (passes.cache(test.completion), passes.cache(whole))
        var (byParent, byCache) = ([UInt32](), [UInt32]())
        _ = passes.pass(0..<prompt, firstOwn: 0, own: flat)
        for start in stride(from: prompt, to: whole, by: run) {
          let range = start..<min(whole, start + run)
          byParent += passes.pass(range, firstOwn: start - prompt, own: own, parent: shared)
          byCache += passes.pass(range, firstOwn: start, own: flat)
        }
        #expect(byParent == expectedRest, "decoding \(run) at a time with a parent")
        #expect(byCache == expectedRest, "decoding \(run) at a time from one cache")
      }
    }
  }

  @Test(arguments: cases) func everyPassGivesTheSameBits(test: Case) throws {
    try check(test, kernelName: kernelSets[kernelSets.count - 1])
  }

  /// Keys and values of random numbers with room for `length` positions.
  private static func store(_ length: Int, _ shape: AttentionShape, _ arena: Arena) -> KeyValues {
    let capacity = KeyValues.capacity(for: length)
    let elements = shape.keyValueHeads * shape.headSize * capacity
    return KeyValues(
      keys: arena.random(elements, scale: 2), capacity: capacity, values: arena.random(elements),
      valueHeadStride: capacity * shape.headSize, valueStride: shape.headSize)
  }

  /// Twelve sequences of different lengths, a row each: stored as they attend, and before.
  @Test(arguments: [(1, 1, 64), (4, 2, 8), (5, 1, 20)])
  func storingWhileDecodingGivesTheBitsOfStoringFirst(
    heads: Int, keyValueHeads: Int, headSize: Int
  ) throws {
    for name in kernelSets {
      let compute = try Compute(testing: name, workers: 2)
      withArena { arena in
        let shape = AttentionShape(
          heads: heads, keyValueHeads: keyValueHeads, headSize: headSize)
        let count = 12
        let fused = arena.random(count * shape.fusedWidth)
        let before = (0..<count).map { index in
          AttentionSegment(
            firstRow: index, rows: 1, firstOwn: 9 * index,
            own: Self.store(9 * index + 1, shape, arena))
        }
        let meanwhile = before.map { segment in
          let elements = keyValueHeads * headSize * segment.own.capacity
          var copy = segment
          copy.own.keys = arena.copy(segment.own.keys, elements)
          copy.own.values = arena.copy(segment.own.values, elements)
          return copy
        }
        let width = count * heads * headSize
        let (expected, out) = (arena.filled(width, .nan), arena.filled(width, .nan))
        compute.storeKeyValues(
          shape: shape, segments: before, fused: fused, includingValues: true)
        compute.attention(shape: shape, segments: before, fused: fused, out: expected)
        compute.storeAndAttend(
          shape: shape, segments: meanwhile, fused: fused, includingValues: true, out: out)
        #expect(bits(out, width) == bits(expected, width), "\(name)")
        for (one, other) in zip(before, meanwhile) {
          let elements = keyValueHeads * headSize * one.own.capacity
          #expect(bits(one.own.keys, elements) == bits(other.own.keys, elements))
          #expect(bits(one.own.values, elements) == bits(other.own.values, elements))
        }
      }
    }
  }

  /// Samples of two prompts and one without, decoded in one call and each in a call of its own.
  @Test(arguments: [(1, 1, 64), (4, 2, 8), (9, 3, 20), (5, 1, 16)])
  func samplesThatShareAPromptGiveTheBitsOfEachAlone(
    heads: Int, keyValueHeads: Int, headSize: Int
  ) throws {
    for name in kernelSets {
      let compute = try Compute(testing: name, workers: 2)
      withArena { arena in
        let shape = AttentionShape(
          heads: heads, keyValueHeads: keyValueHeads, headSize: headSize)
        func store(_ length: Int) -> KeyValues { Self.store(length, shape, arena) }
        // Prompts of 37 and 330 keys, the first with more samples than one task takes.
        let parents: [(KeyValues?, Int, Int)] = [
          (store(37), 37, 11), (store(330), 330, 3), (nil, 0, 2),
        ]
        var segments: [AttentionSegment] = []
        for (parent, length, samples) in parents {
          for sample in 0..<samples {
            let before = sample * 29 % 80
            var segment = AttentionSegment(
              firstRow: segments.count, rows: 1, firstOwn: before, own: store(before + 1))
            segment.parent = parent
            segment.parentLength = length
            segments.append(segment)
          }
        }
        let (width, count) = (heads * headSize, segments.count)
        let fused = arena.random(count * shape.fusedWidth)
        let (together, alone) = (
          arena.filled(count * width, .nan), arena.filled(count * width, .nan)
        )
        compute.attention(shape: shape, segments: segments, fused: fused, out: together)
        for segment in segments {
          compute.attention(shape: shape, segments: [segment], fused: fused, out: alone)
        }
        #expect(bits(together, count * width) == bits(alone, count * width), "\(name)")
      }
    }
  }

  @Test func everyPassGivesTheSameBitsInPortableKernels() throws {
    try check(
      Case(heads: 4, keyValueHeads: 2, headSize: 10, prompt: 9, completion: 12),
      kernelName: "portable")
  }

  /// The same rows at several places of a batch, among others, in the layout of training.
  @Test(arguments: [(2, 2), (4, 2), (3, 1)])
  func placeInTheBatchChangesNothing(heads: Int, keyValueHeads: Int) {
    let compute = Compute(workers: 2, forwardMultiplier: .own)
    withArena { arena in
      let shape = AttentionShape(heads: heads, keyValueHeads: keyValueHeads, headSize: 12)
      let (width, outWidth) = (shape.fusedWidth, heads * 12)
      let (prompt, completion) = (arena.random(11 * width), arena.random(14 * width))
      var results = Set<[UInt32]>()
      for before in [0, 1, 5, 30] {
        // A stranger, the prompt, another child of the prompt, ours.
        let rows = before + 11 + 6 + 14
        let fused = arena.random(rows * width)
        (fused + before * width).update(from: prompt, count: 11 * width)
        (fused + (before + 17) * width).update(from: completion, count: 14 * width)
        var layout: [Reference.Segment] = before > 0 ? [.init(firstRow: 0, rows: before)] : []
        layout += [
          .init(firstRow: before, rows: 11),
          .init(firstRow: before + 11, rows: 6, parentFirstRow: before, parentLength: 11),
          .init(firstRow: before + 17, rows: 14, parentFirstRow: before, parentLength: 11),
        ]
        let batch = AttentionBatch(shape: shape, layout: layout, fused: fused, arena: arena)
        let out = batch.forward(compute, arena)
        results.insert(bits(out + (before + 17) * outWidth, 14 * outWidth))
        let dout = arena.filled(rows * outWidth, 0.5)
        let gradient = batch.backward(compute, arena, dout: dout)
        // The queries' gradients too: they depend on the segment and its parent alone.
        results.insert(bits(gradient + (before + 17) * width, rows: 14, outWidth, stride: width))
      }
      #expect(results.count == 2, "one result and one gradient, wherever the rows lie")
    }
  }

  /// Keys and values end where a page ends that nobody may read past.
  @Test func nothingIsReadBehindTheLastBlock() async {
    await #expect(processExitsWith: .success) {
      for name in kernelSets {
        let compute = try Compute(testing: name, workers: 1)
        for (heads, size, length) in [(1, 64, 1), (1, 32, 17), (4, 16, 48), (2, 20, 30)] {
          let shape = AttentionShape(heads: heads, keyValueHeads: 1, headSize: size)
          let capacity = KeyValues.capacity(for: length)
          let bytes = size * capacity * MemoryLayout<Float>.stride
          let page = Int(getpagesize())
          func guarded() -> UnsafeMutablePointer<Float> {
            let whole = (bytes + page - 1) / page * page
            let memory = mmap(
              nil, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let memory, memory != MAP_FAILED else { fatalError("no memory") }
            mprotect(memory + whole, page, PROT_NONE)
            return (memory + whole - bytes).assumingMemoryBound(to: Float.self)
          }
          let store = KeyValues(
            keys: guarded(), capacity: capacity, values: guarded(),
            valueHeadStride: capacity * size, valueStride: size)
          let rows = TensorBuffer(count: length * shape.fusedWidth)
          let out = TensorBuffer(count: length * heads * size)
          // All rows at once, and the last alone.
          for first in [0, length - 1] {
            let segment = AttentionSegment(
              firstRow: first, rows: length - first, firstOwn: first, own: store)
            compute.storeKeyValues(
              shape: shape, segments: [segment], fused: rows.pointer, includingValues: true)
            compute.attention(
              shape: shape, segments: [segment], fused: rows.pointer, out: out.pointer)
          }
        }
      }
    }
  }
}
