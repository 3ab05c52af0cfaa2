import CKernels
import COpenBLAS
import Foundation

/// Who computes a forward product.
///
/// Both follow one order of additions, bit for bit: sequential fused multiply-adds over K in blocks,
/// each block's sum added to the result.
///
/// The length of the next block of a remaining length l is 320 if l >= 640; half of l rounded up to
/// a multiple of 8 if l > 320; else l.
public enum MatrixMultiplier: String, Sendable {
  /// The kernel of our own.
  case own
  /// OpenBLAS on fixed panels (see ``BLASPanels``).
  case blasPanels = "blas-panels"

  /// The faster of the two that may be used here.
  ///
  /// With vector kernels the own kernel wins on every shape that training uses (it needs no padding
  /// and no copies); without them BLAS does, if its order of additions was found to be ours.
  static func best(kernelName: String) -> MatrixMultiplier {
    #if arch(x86_64)
      kernelName == "portable" && AdditionOrder.found == .house ? .blasPanels : .own
    #else
      AdditionOrder.found == .house ? .blasPanels : .own
    #endif
  }
}

/// How a product is laid out in memory.
public enum Layout: Sendable {
  /// B is [K, N].
  case plain
  /// B is [N, K].
  case transposed
}

/// What a product does to what the result already holds.
public enum Accumulation: Sendable {
  /// The result is replaced.
  case set
  /// The product is added to the result, block by block.
  case add
}

extension Compute {
  /// The forward product C = A B in the house order of additions.
  ///
  /// - Parameters:
  ///   - rows: M; columns: N; inner: K.
  ///   - a: [M, K], rows `aStride` apart. A row's result depends on that row alone.
  ///   - b: [K, N] (`plain`) or [N, K] (`transposed`), rows `bStride` apart.
  ///   - c: [M, N], rows `cStride` apart.
  /// - Note: the same bits for any number of rows, any position of a row, any number of workers.
  public func multiply(
    rows: Int, columns: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int, layout: Layout = .plain,
    c: UnsafeMutablePointer<Float>, cStride: Int
  ) {
    multiply(
      rows: rows, columns: columns, inner: inner, a: a, aStride: aStride,
      b: WeightMatrix(b, stride: bStride), layout: layout, c: c, cStride: cStride)
  }

  /// The forward product with weights in any storage, summed as `sum` says.
  ///
  /// - Note: the same bits for any number of rows, any position of a row, any number of workers.
  public func multiply(
    rows: Int, columns: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: WeightMatrix, layout: Layout = .plain, c: UnsafeMutablePointer<Float>, cStride: Int,
    sum: SumPolicy = .single
  ) {
    if let singles = b.singles, sum == .single, forwardMultiplier == .blasPanels {
      BLASPanels.multiply(
        team: team, rows: rows, columns: columns, inner: inner, a: a, aStride: aStride,
        b: singles, bStride: b.kernel.stride, layout: layout, c: c, cStride: cStride)
      return
    }
    ownProduct(
      rows: rows, columns: columns, inner: inner, a: a, aRow: aStride, aColumn: 1,
      b: b.laidOut(layout), c: c, cStride: cStride, accumulation: .set, sum: sum)
  }

  /// The gradient to a product's input: dA = dC B^T (or dA += ...), for C = A B.
  ///
  /// - Parameters:
  ///   - dc: [M, N]; b: as in the forward product, with its `layout`; da: [M, K].
  public func multiplyInputGradient(
    rows: Int, columns: Int, inner: Int, dc: UnsafePointer<Float>, dcStride: Int,
    b: UnsafePointer<Float>, bStride: Int, layout: Layout = .plain,
    da: UnsafeMutablePointer<Float>, daStride: Int, accumulation: Accumulation
  ) {
    multiplyInputGradient(
      rows: rows, columns: columns, inner: inner, dc: dc, dcStride: dcStride,
      b: WeightMatrix(b, stride: bStride), layout: layout, da: da, daStride: daStride,
      accumulation: accumulation)
  }

  /// The gradient to a product's input, with weights in any storage.
  public func multiplyInputGradient(
    rows: Int, columns: Int, inner: Int, dc: UnsafePointer<Float>, dcStride: Int,
    b: WeightMatrix, layout: Layout = .plain, da: UnsafeMutablePointer<Float>, daStride: Int,
    accumulation: Accumulation, sum: SumPolicy = .single
  ) {
    ownProduct(
      rows: rows, columns: inner, inner: columns, a: dc, aRow: dcStride, aColumn: 1,
      b: b.laidOut(layout == .plain ? .transposed : .plain), c: da, cStride: daStride,
      accumulation: accumulation, sum: sum)
  }

  /// The gradient to a product's second operand: dB += A^T dC, for C = A B with B [K, N].
  ///
  /// - Parameters:
  ///   - a: [M, K]; dc: [M, N]; db: [K, N].
  /// - Note: OpenBLAS multiplies (``BLASLibrary/require(threads:)`` first), on pieces cut by the shape alone: the same bits for any number of
  ///   workers on one kind of machine.
  public func multiplyWeightGradient(
    rows: Int, columns: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    dc: UnsafePointer<Float>, dcStride: Int, db: UnsafeMutablePointer<Float>, dbStride: Int,
    sum: SumPolicy = .single
  ) {
    if rows == 0 { return }
    guard sum == .single else {
      ownProduct(
        rows: inner, columns: columns, inner: rows, a: a, aRow: 1, aColumn: aStride,
        b: WeightMatrix(dc, stride: dcStride).laidOut(.plain), c: db, cStride: dbStride,
        accumulation: .add, sum: sum)
      return
    }
    let rowPiece = max(12, ((inner + 1) / 2 + 11) / 12 * 12)
    let columnPiece = 384
    let across = (columns + columnPiece - 1) / columnPiece
    let down = (inner + rowPiece - 1) / rowPiece
    BLASLibrary.mustHave(threads: team.workers)
    team.run(tasks: across * down) { task in
      let k = task / across * rowPiece
      let n = task % across * columnPiece
      copenblas_sgemm(
        Int32(COpenBLASTrans), Int32(COpenBLASNoTrans), Int32(min(rowPiece, inner - k)),
        Int32(min(columnPiece, columns - n)), Int32(rows), 1,
        a + k, Int32(aStride), dc + n, Int32(dcStride), 1, db + k * dbStride + n, Int32(dbStride))
    }
  }

  // Row blocks keep a block of A in the second-level cache; 64 columns are the kernel's group.
  private func ownProduct(
    rows: Int, columns: Int, inner: Int, a: UnsafePointer<Float>, aRow: Int, aColumn: Int,
    b: HoneWeights, c: UnsafeMutablePointer<Float>, cStride: Int, accumulation: Accumulation,
    sum: SumPolicy
  ) {
    let rowBlock = 192
    let columnBlock = 64
    let across = (columns + columnBlock - 1) / columnBlock
    let down = (rows + rowBlock - 1) / rowBlock
    let mode = Int32(accumulation == .set ? HoneSet : HoneAdd)
    let multiply = kernels.matmul
    let sum = sum.kernel
    withUnsafePointer(to: b) { b in
      team.run(tasks: across * down) { task in
        let m = task / across * rowBlock
        let n = task % across * columnBlock
        multiply?(
          m, min(rows, m + rowBlock), n, min(columns, n + columnBlock), inner, a, aRow, aColumn,
          b, c, cStride, mode, sum)
      }
    }
  }
}

/// OpenBLAS in the house order of additions.
///
/// OpenBLAS treats the first and last columns of its column blocks, and rows past the last multiple
/// of its tile height, in other orders. On panels of at most 304 useful columns with 8 throw-away
/// columns on each side, and rows padded to a multiple of 12, every element that is kept follows the
/// plain order (measured on OpenBLAS 0.3.21, Haswell and Zen kernels; ``AdditionOrder`` checks it).
public enum BLASPanels {
  static let usefulColumns = 304
  static let margin = 8
  static let rowQuantum = 12

  static func multiply(
    team: WorkerTeam, rows: Int, columns: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int, layout: Layout, c: UnsafeMutablePointer<Float>,
    cStride: Int
  ) {
    let panels = (columns + usefulColumns - 1) / usefulColumns
    BLASLibrary.mustHave(threads: team.workers)
    team.run(tasks: panels) { task in
      let start = task * usefulColumns
      let width = min(usefulColumns, columns - start)
      panel(
        rows: rows, width: width, inner: inner, a: a, aStride: aStride,
        b: b + (layout == .plain ? start : start * bStride), bStride: bStride, layout: layout,
        c: c + start, cStride: cStride)
    }
  }

  /// One panel: operands copied into zero-padded scratch, multiplied, the useful columns copied out.
  private static func panel(
    rows: Int, width: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, bStride: Int, layout: Layout, c: UnsafeMutablePointer<Float>,
    cStride: Int
  ) {
    let height = (rows + rowQuantum - 1) / rowQuantum * rowQuantum
    let full = (width + 7) / 8 * 8 + 2 * margin
    withUnsafeTemporaryAllocation(of: Float.self, capacity: inner * full + height * (full + inner))
    {
      scratch in
      guard let bPanel = scratch.baseAddress else { return }
      scratch.initialize(repeating: 0)
      let aPanel = bPanel + inner * full
      let cPanel = aPanel + height * inner
      for k in 0..<inner {
        for n in 0..<width {
          bPanel[k * full + margin + n] = layout == .plain ? b[k * bStride + n] : b[n * bStride + k]
        }
      }
      for row in 0..<rows {
        memcpy(aPanel + row * inner, a + row * aStride, inner * MemoryLayout<Float>.stride)
      }
      copenblas_sgemm(
        Int32(COpenBLASNoTrans), Int32(COpenBLASNoTrans), Int32(height), Int32(full), Int32(inner),
        1, aPanel, Int32(inner), bPanel, Int32(full), 0, cPanel,
        Int32(full))
      for row in 0..<rows {
        memcpy(
          c + row * cStride, cPanel + row * full + margin, width * MemoryLayout<Float>.stride)
      }
    }
  }
}
