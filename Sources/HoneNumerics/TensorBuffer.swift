import Foundation
import Synchronization

/// Contiguous fp32 storage, page-aligned and zeroed, shared by reference and freed with its owner.
///
/// Not `Sendable`: whoever owns a buffer says who may touch it when. Pages that are never touched
/// cost nothing, so a buffer may be sized for the worst case. Where the system refuses the storage, the
/// process ends as ``MemoryRefusal`` says.
public final class TensorBuffer {
  /// The number of elements.
  public let count: Int
  /// The first element; valid as long as the buffer lives.
  public let pointer: UnsafeMutablePointer<Float>

  /// Buffers of at least this size ask for large pages.
  public static let largePageBytes = 1 << 22

  private let bytes: Int
  private static let allocations = Atomic<Int>(0)
  private static let liveBytes = Atomic<Int>(0)

  /// Storage for `count` zeros.
  ///
  /// - Parameter hasLargePages: false where much will never be touched: a large page is resident as a
  ///   whole.
  public init(count: Int, hasLargePages: Bool = true) {
    precondition(count >= 0, "a tensor buffer cannot hold \(count) elements")
    self.count = count
    bytes = max(1, count) * MemoryLayout<Float>.stride
    let memory = Storage.requiredPages(bytes)
    // Large pages where the system has them: a walk down a column of weights is on another page at
    // every step. (It is advice; its failing changes nothing.)
    if hasLargePages, bytes >= Self.largePageBytes { madvise(memory, bytes, MADV_HUGEPAGE) }
    pointer = memory.bindMemory(to: Float.self, capacity: max(1, count))
    TensorBuffer.allocations.wrappingAdd(1, ordering: .relaxed)
    TensorBuffer.liveBytes.wrappingAdd(bytes, ordering: .relaxed)
  }

  /// Storage that holds a copy of `values`.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit {
    munmap(pointer, bytes)
    TensorBuffer.liveBytes.wrappingSubtract(bytes, ordering: .relaxed)
  }

  /// Every element becomes 0.
  public func zero() { memset(pointer, 0, bytes) }

  /// Some elements become 0; whole pages of them go back to the system.
  public func release(_ range: Range<Int>) {
    let page = Int(getpagesize()) / MemoryLayout<Float>.stride
    let first = (range.lowerBound + page - 1) / page * page
    let last = range.upperBound / page * page
    guard first < last else {
      memset(pointer + range.lowerBound, 0, range.count * MemoryLayout<Float>.stride)
      return
    }
    memset(
      pointer + range.lowerBound, 0, (first - range.lowerBound) * MemoryLayout<Float>.stride)
    memset(pointer + last, 0, (range.upperBound - last) * MemoryLayout<Float>.stride)
    madvise(pointer + first, (last - first) * MemoryLayout<Float>.stride, MADV_DONTNEED)
  }

  /// Copies all elements of a buffer of the same size.
  public func copy(from other: TensorBuffer) {
    precondition(count == other.count, "copy of \(other.count) elements into \(count)")
    memcpy(pointer, other.pointer, count * MemoryLayout<Float>.stride)
  }

  /// The elements as an array (a copy).
  public var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// How many buffers this process has allocated so far; a steady state allocates none.
  public static var allocationCount: Int { allocations.load(ordering: .relaxed) }
  /// Bytes of tensor storage alive now (address space; untouched pages are not resident).
  public static var allocatedBytes: Int { liveBytes.load(ordering: .relaxed) }
}

/// Storage for 16-bit numbers, a ``TensorBuffer`` underneath.
public final class HalfBuffer {
  /// The number of elements.
  public let count: Int
  /// The first element; valid as long as the buffer lives.
  public let pointer: UnsafeMutablePointer<UInt16>
  private let storage: TensorBuffer

  /// Storage for `count` zeros.
  public init(count: Int) {
    self.count = count
    storage = TensorBuffer(count: (count + 1) / 2)
    pointer = UnsafeMutableRawPointer(storage.pointer).assumingMemoryBound(to: UInt16.self)
  }

  /// Every element becomes 0.
  public func zero() { storage.zero() }
}
