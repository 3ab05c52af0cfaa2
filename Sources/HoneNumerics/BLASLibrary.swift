import COpenBLAS

/// Something of the machine that a computation needs and does not get.
public struct MachineError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is not there.
  public enum Kind: Sendable, Hashable {
    /// A library that is not installed.
    case missingLibrary
    /// Memory that the system refuses.
    case refusedMemory
  }

  /// What is not there.
  public var kind: Kind
  /// What, the reason, and what to do.
  public var description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// OpenBLAS, loaded when it is first needed, without threads of its own.
///
/// Weight gradients are made by it, and forward passes on machines without vector kernels. Who only
/// samples, scores or grades never loads it.
public enum BLASLibrary {
  /// Loads the library, unless it is loaded, and has it ready for a number of threads.
  ///
  /// - Throws: `MachineError` where it is not installed, or memory for it is refused.
  public static func require(threads: Int) throws(MachineError) {
    guard copenblas_load() == COpenBLASLoaded else {
      let reason = String(cString: copenblas_failure())
      if copenblas_load() == COpenBLASRefused {
        throw MachineError(
          .refusedMemory, MemoryRefusal.message(of: "loading OpenBLAS (\(reason))"))
      }
      throw MachineError(
        .missingLibrary,
        "OpenBLAS, which makes the gradients of weights, cannot be used: \(reason). Install it "
          + "(Debian, Ubuntu: libopenblas0), or name its folder in LD_LIBRARY_PATH")
    }
    let refused = copenblas_prepare(Int32(clamping: threads))
    guard refused == 0 else {
      throw MachineError(
        .refusedMemory,
        MemoryRefusal.message(of: "\(Int(refused)) bytes of buffers for OpenBLAS"))
    }
  }

  /// Whether products can be made by it on so many threads.
  package static func isUsable(threads: Int) -> Bool {
    (try? require(threads: threads)) != nil
  }

  /// As ``require(threads:)``, for those who cannot go on without it.
  static func mustHave(threads: Int) {
    do throws(MachineError) {
      try require(threads: threads)
    } catch {
      if error.kind == .refusedMemory { MemoryRefusal.end(error.description) }
      preconditionFailure("\(error); call BLASLibrary.require before training")
    }
  }

  /// The library's configuration string; nil where it is not there.
  public static var configuration: String? { copenblas_config().map { String(cString: $0) } }

  /// The kernel that it chose for this processor; nil where it is not there.
  public static var kernel: String? { copenblas_corename().map { String(cString: $0) } }
}
