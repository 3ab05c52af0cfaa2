import CKernels
import HoneNumerics
import Testing

/// Products against the definition of the house order, bit by bit.
@Suite struct MatrixMultiplyTests {
  /// A product to make: its operands are strided by more than their widths.
  struct Shape: Sendable, CustomStringConvertible {
    var rows: Int
    var columns: Int
    var inner: Int
    var transposed: Bool
    var description: String {
      "\(rows)x\(columns)x\(inner)\(transposed ? " transposed" : "")"
    }
  }

  private static let inners = [
    1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 64, 65, 100, 255, 319, 320, 321, 322, 323, 324, 500, 639,
    640, 641, 643, 704, 959, 960, 961, 1100,
  ]

  /// Every M of 1...40, every N of 1...70 and every K above, in both layouts, and row counts
  /// around the row block of 192.
  private static let shapes: [Shape] =
    (0..<140).map { index in
      Shape(
        rows: 1 + index * 7 % 40, columns: 1 + index % 70, inner: inners[index % inners.count],
        transposed: (index + index / 70) % 2 == 1)
    }
    + [191, 192, 193, 385].flatMap { rows in
      [(3, 64), (65, 33), (17, 330)].map { columns, inner in
        Shape(rows: rows, columns: columns, inner: inner, transposed: rows % 2 == 1)
      }
    }

  private func operands(_ shape: Shape, _ arena: Arena) -> Operands {
    let aStride = shape.inner + 3
    let (bRows, bWidth) =
      shape.transposed ? (shape.columns, shape.inner) : (shape.inner, shape.columns)
    let bStride = bWidth + 5
    return Operands(
      shape: shape, aStride: aStride, bStride: bStride, cStride: shape.columns + 2,
      a: arena.random(shape.rows * aStride), b: arena.random(bRows * bStride))
  }

  private struct Operands {
    var shape: Shape
    var aStride: Int
    var bStride: Int
    var cStride: Int
    var a: UnsafeMutablePointer<Float>
    var b: UnsafeMutablePointer<Float>

    /// The product of rows `range`, as bits.
    func product(_ compute: Compute, _ arena: Arena, rows range: Range<Int>? = nil) -> [UInt32] {
      let range = range ?? 0..<shape.rows
      let c = arena.filled(range.count * cStride, .nan)
      compute.multiply(
        rows: range.count, columns: shape.columns, inner: shape.inner,
        a: a + range.lowerBound * aStride, aStride: aStride, b: b, bStride: bStride,
        layout: shape.transposed ? .transposed : .plain, c: c, cStride: cStride)
      return bits(c, rows: range.count, shape.columns, stride: cStride)
    }

    func expected(_ row: Int, _ column: Int) -> UInt32 {
      AdditionOrder.element(
        inner: shape.inner, a: { a[row * aStride + $0] },
        b: { b[shape.transposed ? column * bStride + $0 : $0 * bStride + column] }
      ).bitPattern
    }
  }

  @Test func blocksAreThoseOfTheKernels() {
    #expect(AdditionOrder.blocks(inner: 0) == [])
    #expect(AdditionOrder.blocks(inner: 320) == [320])
    #expect(AdditionOrder.blocks(inner: 321) == [160, 161])
    #expect(AdditionOrder.blocks(inner: 500) == [256, 244])
    #expect(AdditionOrder.blocks(inner: 639) == [320, 319])
    #expect(AdditionOrder.blocks(inner: 1100) == [320, 320, 232, 228])
    for inner in 1...2000 {
      var left = inner
      for length in AdditionOrder.blocks(inner: inner) {
        #expect(length == honeNextBlock(left))
        left -= length
      }
      #expect(left == 0)
    }
  }

  @Test(arguments: kernelSets) func ownKernelIsTheDefinition(kernelName: String) throws {
    let compute = try Compute(testing: kernelName)
    for shape in Self.shapes {
      // The portable kernels take a call per multiplication: one shape in four will do.
      if kernelName == "portable", (shape.rows + shape.inner) % 4 != 0 { continue }
      withArena(seed: UInt64(shape.rows * shape.columns)) { arena in
        let operands = operands(shape, arena)
        let product = operands.product(compute, arena)
        // A prime stride walks over every residue of row and column.
        let step = max(1, product.count * shape.inner / 60_000) | 1
        let wrong = stride(from: 0, to: product.count, by: step).filter {
          product[$0] != operands.expected($0 / shape.columns, $0 % shape.columns)
        }
        #expect(wrong.isEmpty, "\(shape): \(wrong.count) elements differ")
      }
    }
  }

  @Test func rowsDependOnThemselvesAlone() throws {
    let compute = try Compute(testing: kernelSets[kernelSets.count - 1])
    for (columns, inner, transposed) in [(70, 330, false), (37, 704, true), (5, 12, false)] {
      let shape = Shape(rows: 197, columns: columns, inner: inner, transposed: transposed)
      withArena { arena in
        let operands = operands(shape, arena)
        let whole = operands.product(compute, arena)
        let parts = (1...13).map { 50..<50 + $0 } + (0..<13).map { $0..<$0 + 11 } + [185..<197]
        for part in parts + stride(from: 0, to: 197, by: 17).map({ $0..<$0 + 1 }) {
          let alone = operands.product(compute, arena, rows: part)
          let range = part.lowerBound * columns..<part.upperBound * columns
          #expect(alone == Array(whole[range]), "\(shape), rows \(part)")
        }
      }
    }
  }

  @Test(
    .enabled(
      if: AdditionOrder.found == .house,
      "the BLAS at hand adds in another order; forward products are the own kernel's alone"))
  func panelsOfBLASAreTheOwnKernel() throws {
    let own = try Compute(testing: kernelSets[kernelSets.count - 1])
    let panels = Compute(workers: 2, forwardMultiplier: .blasPanels)
    let wide = [(24, 304, 704), (13, 305, 64), (7, 620, 321), (30, 312, 1100), (50, 257, 640)]
    let shapes =
      Self.shapes.filter { ($0.rows + $0.inner) % 3 == 0 || $0.rows > 190 }
      + wide.map { Shape(rows: $0, columns: $1, inner: $2, transposed: $0 % 2 == 0) }
    for shape in shapes {
      withArena { arena in
        let operands = operands(shape, arena)
        #expect(
          operands.product(own, arena) == operands.product(panels, arena), "\(shape) differs")
      }
    }
  }

  /// The lengths of blocks change with every inner size between 321 and 639.
  @Test(.enabled(if: AdditionOrder.found == .house, "see above"))
  func panelsOfBLASAreCutWhereTheOwnKernelIs() throws {
    let own = try Compute(testing: kernelSets[kernelSets.count - 1])
    let panels = Compute(workers: 1, forwardMultiplier: .blasPanels)
    for inner in Array(321...640) + Array(stride(from: 641, to: 1400, by: 9)) {
      withArena(seed: UInt64(inner)) { arena in
        let shape = Shape(rows: 2, columns: 9, inner: inner, transposed: false)
        let operands = operands(shape, arena)
        #expect(
          operands.product(own, arena) == operands.product(panels, arena), "\(shape) differs")
      }
    }
  }

  /// Products that underflow to denormals and to -0: a sum of -0 is stored as +0 by everyone.
  @Test func smallestNumbersAreTreatedAlike() throws {
    let shape = Shape(rows: 7, columns: 21, inner: 330, transposed: false)
    for scale in [Float(0x1p-62), 0x1p-70, 0x1p-76] {
      try withArena { arena in
        let operands = operands(shape, arena)
        for index in 0..<shape.rows * operands.aStride { operands.a[index] *= scale }
        for index in 0..<shape.inner * operands.bStride { operands.b[index] *= scale }
        // The last column: every product is negative and too small to be anything but -0.
        for row in 0..<shape.rows * operands.aStride {
          operands.a[row] = abs(operands.a[row])
        }
        for k in 0..<shape.inner { operands.b[k * operands.bStride + 20] = -0x1p-140 }
        let wanted = (0..<7 * 21).map { operands.expected($0 / 21, $0 % 21) }
        #expect((0..<7).allSatisfy { wanted[$0 * 21 + 20] == 0 })
        for kernelName in kernelSets {
          let compute = try Compute(testing: kernelName)
          #expect(operands.product(compute, arena) == wanted)
        }
        if AdditionOrder.found == .house {
          let panels = Compute(workers: 1, forwardMultiplier: .blasPanels)
          #expect(operands.product(panels, arena) == wanted)
        }
      }
    }
  }

  @Test func emptySumsAreZero() throws {
    for kernelName in kernelSets {
      let compute = try Compute(testing: kernelName)
      withArena { arena in
        let (a, b, c) = (arena.filled(1), arena.filled(1), arena.filled(3 * 70, .nan))
        compute.multiply(
          rows: 3, columns: 70, inner: 0, a: a, aStride: 1, b: b, bStride: 70, c: c, cStride: 70)
        #expect(bits(c, 3 * 70).allSatisfy { $0 == 0 })
      }
    }
  }

  /// Modes of the kernel itself: C + A B block by block, and the chain that starts from C.
  @Test(arguments: kernelSets) func modesMeetWhatIsInC(kernelName: String) throws {
    let kernels = try #require(Kernels.named(kernelName))
    let inner = 330
    for (rows, columns) in [(7, 64), (13, 35), (1, 8)] {
      withArena { arena in
        let (a, b) = (arena.random(rows * inner), arena.random(inner * columns))
        let start = arena.random(rows * columns)
        for (mode, name) in [(HoneAdd, "add"), (HoneContinue, "continue")] {
          let c = arena.copy(start, rows * columns)
          // The columns in two calls, to see that offsets are kept.
          let cut = columns / 2
          for (n0, n1) in [(0, cut), (cut, columns)] {
            var matrix = HoneWeights()
            matrix.data = UnsafeRawPointer(b)
            matrix.stride = columns
            kernels.matmul(
              0, rows, n0, n1, inner, a, inner, 1, &matrix, c, columns, Int32(mode),
              HoneAccumulation(chunk: 0, significant: 24))
          }
          for index in 0..<rows * columns {
            let (row, column) = (index / columns, index % columns)
            var (wanted, k) = (start[index], 0)
            for length in AdditionOrder.blocks(inner: inner) {
              var sum: Float = mode == HoneAdd ? 0 : wanted
              for _ in 0..<length {
                sum.addProduct(a[row * inner + k], b[k * columns + column])
                k += 1
              }
              wanted = mode == HoneAdd ? wanted + sum : sum
            }
            #expect(c[index].bitPattern == wanted.bitPattern, "\(name) at \(row), \(column)")
          }
        }
      }
    }
  }
}
