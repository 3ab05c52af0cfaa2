public import CKernels
import Foundation

/// The vector kernels of this process, chosen once at start.
public enum Kernels {
  /// The kernels in use: the best this machine can run, or those that `HONE_ISA` names.
  ///
  /// `HONE_ISA` is one of ``known``; a name this machine cannot run is a programmer's error and
  /// traps, because silently computing with another instruction set would change bits.
  public nonisolated(unsafe) static let active: HoneKernels = {
    // (Unsafe in name alone: a table of C functions, never written.)
    guard let wanted = ProcessInfo.processInfo.environment["HONE_ISA"], !wanted.isEmpty else {
      return named(nil) ?? portable
    }
    guard let kernels = named(wanted) else {
      preconditionFailure(
        "HONE_ISA=\(wanted): this machine runs \(known.filter { named($0) != nil })")
    }
    return kernels
  }()

  /// The names of all instruction sets that there are kernels for, from the plainest on.
  public static let known = ["portable", "avx2", "avx512"]

  /// The kernels that every machine runs.
  public static var portable: HoneKernels {
    guard let kernels = named("portable") else {
      preconditionFailure("the portable kernels are always there")
    }
    return kernels
  }

  /// The kernels of an instruction set, or nil where this machine cannot run them.
  public static func named(_ name: String?) -> HoneKernels? {
    honeKernels(name)?.pointee
  }

  /// The name of the instruction set in use, one of ``known``.
  public static var name: String { String(cString: active.name) }

  /// The instruction sets that this processor has and the system enables, by Linux's names
  /// (`avx2`, `avx512_bf16`, `amx_int8`), of those that matter to products; more than the kernels use.
  public static var instructionSets: [String] {
    var text = [CChar](repeating: 0, count: 256)
    honeCPUFeatures(&text, text.count)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: ",").map(String.init)
  }
}
