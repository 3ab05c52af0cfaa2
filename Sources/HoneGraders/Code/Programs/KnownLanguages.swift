extension ProgramLanguage {
  /// The languages that are known, in the order in which they are listed.
  package static let all: [ProgramLanguage] = [python, c, cPlusPlus, swift]

  /// Python 3, for all kinds of tests.
  package static let python = ProgramLanguage(
    name: "python", tags: ["python", "python3", "py"], kinds: CodeTests.Kind.allCases,
    execution: .warmInterpreter, memoryMarkers: ["MemoryError"])

  /// C.
  package static let c = ProgramLanguage(
    name: "c", tags: ["c"], kinds: [.stdio],
    execution: .commands(
      ProgramCommands(
        tools: ["gcc", "cc", "clang"], sourceFile: "main.c",
        compile: ["{tool}", "-O2", "-std=c17", "-w", "-o", "{program}", "{source}", "-lm"],
        run: ["./{program}"],
        sample: "#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n",
        buildLimits: SandboxLimits(
          cpuSeconds: 20, memoryBytes: 2 << 30, outputBytes: 1 << 20, processes: 64,
          openFiles: 256, fileBytes: 64 << 20))))

  /// C++.
  package static let cPlusPlus = ProgramLanguage(
    name: "cpp", tags: ["cpp", "c++", "cxx", "cc"], kinds: [.stdio],
    execution: .commands(
      ProgramCommands(
        tools: ["g++", "c++", "clang++"], sourceFile: "main.cpp",
        compile: ["{tool}", "-O2", "-std=c++20", "-w", "-o", "{program}", "{source}"],
        run: ["./{program}"],
        sample: "#include <iostream>\nint main() { std::cout << \"\" << std::endl; }\n",
        buildLimits: SandboxLimits(
          cpuSeconds: 60, memoryBytes: 4 << 30, outputBytes: 1 << 20, processes: 64,
          openFiles: 256, fileBytes: 64 << 20))),
    memoryMarkers: ["  what():  std::bad_alloc"])

  /// Swift; clang modules are built anew in each scratch, which takes a second.
  ///
  /// The usual driver looks for itself in `/proc`, which the sandbox does not have; these are the
  /// three commands that it would give.
  package static let swift = ProgramLanguage(
    name: "swift", tags: ["swift"], kinds: [.stdio],
    execution: .commands(
      ProgramCommands(
        tools: ["swiftc"], sourceFile: "main.swift",
        compile: [
          "/bin/sh", "-c",
          """
          set -e
          export LD_ORIGIN_PATH="$1"
          lib="$1/../lib/swift"
          "$1/swift-frontend" -frontend -c -primary-file "$2" -suppress-warnings -O \\
            -module-name program -module-cache-path modules -resource-dir "$lib" -sdk / -o main.o
          "$1/swift-autolink-extract" main.o -o main.autolink
          "$1/clang" -pie -Xlinker -rpath -Xlinker "$lib/linux" "$lib"/linux/*/swiftrt.o main.o \\
            @main.autolink -L "$lib/linux" -lswiftCore -o "$3"
          """,
          "sh", "{folder}", "{source}", "{program}",
        ],
        run: ["./{program}"], sample: "print(\"\")\n",
        buildLimits: SandboxLimits(
          cpuSeconds: 120, memoryBytes: 8 << 30, outputBytes: 1 << 20, processes: 64,
          openFiles: 512, fileBytes: 256 << 20), extraMemoryBytes: 256 << 20)))
}
