import Foundation
import HoneNumerics
import Testing

/// Each in a process of its own: what is refused is refused to all of it.
@Suite struct MemoryRefusalTests {
  @Test("refused storage ends the process as the program says, with words")
  func handler() async {
    await #expect(processExitsWith: .exitCode(74)) {
      MemoryRefusal.setHandler { message in
        let isPlain = message.hasPrefix("the system refused memory: 4096 bytes of tensor storage")
        exit(isPlain ? 74 : 1)
      }
      Storage.refuse(after: 2)
      let kept = [TensorBuffer(count: 1024), TensorBuffer(count: 1024)]
      _ = TensorBuffer(count: 1024)
      exit(Int32(kept.count))
    }
  }

  @Test("without a program's word it is a trap")
  func trap() async {
    await #expect(processExitsWith: .failure) {
      Storage.refuse(after: 0)
      _ = TensorBuffer(count: 1024)
    }
  }

  @Test("the system's own refusal is the same")
  func system() async {
    await #expect(processExitsWith: .exitCode(74)) {
      MemoryRefusal.setHandler { _ in exit(74) }
      var limit = rlimit(rlim_cur: 1 << 30, rlim_max: 1 << 30)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      _ = TensorBuffer(count: 1 << 30)
    }
  }

  @Test("OpenBLAS comes without threads, and leaves the environment as it was")
  func blasThreads() async {
    await #expect(processExitsWith: .success) {
      func threads() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
      }
      func isLoaded() -> Bool {
        let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        return maps?.contains("openblas") ?? true
      }
      setenv("OPENBLAS_NUM_THREADS", "7", 1)
      #expect(!isLoaded())
      let before = threads()
      try BLASLibrary.require(threads: 3)
      #expect(isLoaded())
      #expect(threads() == before)
      #expect(getenv("OPENBLAS_NUM_THREADS").map { String(cString: $0) } == "7")
      #expect(BLASLibrary.kernel != nil)
    }
  }

  @Test("buffers that OpenBLAS would wait for are asked for first")
  func blasBuffers() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 700 << 20, rlim_max: 700 << 20)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      #expect(throws: MachineError.self) { try BLASLibrary.require(threads: 64) }
    }
  }
}
