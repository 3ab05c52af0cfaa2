// swift-tools-version: 6.2
import PackageDescription

// One settings list for every Swift target. No compiler flags: a package that sets them
// cannot be used as a dependency, and the fast kernels do not need any (see CKernels).
let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "hone",
  products: [
    .executable(name: "hone", targets: ["hone"]),
    .library(name: "HoneGraders", targets: ["HoneGraders"]),
    .library(name: "HoneTasks", targets: ["HoneTasks"]),
    .library(name: "HoneText", targets: ["HoneText"]),
    .library(name: "HonePolicy", targets: ["HonePolicy"]),
    .library(name: "HoneTraining", targets: ["HoneTraining"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // MARK: - C: the only doors to the outside
    .target(name: "COpenBLAS"),
    .target(name: "CJSONC", linkerSettings: [.linkedLibrary("json-c")]),
    .target(name: "CKernels"),
    .target(name: "CDigest"),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CSandbox"),
    .target(
      name: "CPythonDriver",
      exclude: [
        "driver.py", "values.py", "attempts.py", "program.py", "link.py", "judge.py", "zygote.py",
      ]),

    // MARK: - Libraries, from the bottom up
    .target(
      name: "HoneNumerics", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: swift),
    .target(name: "HoneFiles", dependencies: ["CDigest", "CZlib"], swiftSettings: swift),
    .target(name: "HoneJSON", dependencies: ["CJSONC", "HoneFiles"], swiftSettings: swift),
    .target(name: "HoneText", dependencies: ["HoneJSON", "HoneFiles"], swiftSettings: swift),
    .target(
      name: "HoneGraders", dependencies: ["CSandbox", "CPythonDriver", "HoneJSON", bigInt],
      swiftSettings: swift),
    .target(
      name: "HoneTasks", dependencies: ["HoneGraders", "HoneJSON", "CZlib"],
      swiftSettings: swift),
    .target(
      name: "HonePolicy", dependencies: ["HoneNumerics", "HoneFiles", "HoneText", "HoneJSON"],
      swiftSettings: swift),
    .target(
      name: "HoneTraining",
      dependencies: [
        "HoneNumerics", "HoneFiles", "HoneJSON", "HoneText", "HoneGraders", "HoneTasks",
        "HonePolicy", logging, yams,
      ],
      swiftSettings: swift),

    // MARK: - The command line
    .executableTarget(
      name: "hone",
      dependencies: [
        "HoneNumerics", "HoneFiles", "HoneJSON", "HoneText", "HoneGraders", "HoneTasks",
        "HonePolicy", "HoneTraining", argumentParser, logging,
      ],
      swiftSettings: swift),

    // MARK: - Tests
    .testTarget(
      name: "HoneNumericsTests", dependencies: ["HoneNumerics", "CKernels"],
      resources: [.copy("Goldens")], swiftSettings: swift),
    .testTarget(
      name: "HoneFilesTests", dependencies: ["HoneFiles", "CDigest"], swiftSettings: swift),
    .testTarget(
      name: "HoneJSONTests", dependencies: ["HoneJSON", "HoneFiles"], swiftSettings: swift),
    .testTarget(
      name: "HoneTextTests", dependencies: ["HoneText", "HoneJSON", "HoneFiles"],
      resources: [.copy("Goldens")], swiftSettings: swift),
    .testTarget(
      name: "HoneGradersTests", dependencies: ["HoneGraders", "HoneJSON"],
      resources: [.copy("Attacks"), .copy("Goldens")], swiftSettings: swift),
    .testTarget(
      name: "HoneTasksTests", dependencies: ["HoneTasks", "HoneGraders", "HoneJSON"],
      swiftSettings: swift),
    .testTarget(
      name: "HonePolicyTests",
      dependencies: ["HonePolicy", "HoneNumerics", "HoneText", "HoneJSON", "HoneFiles"],
      resources: [.copy("Goldens")], swiftSettings: swift),
    .testTarget(
      name: "HoneTrainingTests",
      dependencies: [
        "HoneTraining", "HonePolicy", "HoneNumerics", "HoneTasks", "HoneGraders", "HoneText",
        "HoneJSON", "HoneFiles",
      ],
      resources: [.copy("Goldens")], swiftSettings: swift),
    .testTarget(
      name: "HoneFuzzTests",
      dependencies: [
        "HoneTraining", "HonePolicy", "HoneNumerics", "HoneTasks", "HoneText", "HoneJSON",
        "HoneFiles",
      ], swiftSettings: swift),
    .testTarget(
      name: "HoneFaultTests",
      dependencies: ["HoneTraining", "HonePolicy", "HoneNumerics", "HoneJSON", "HoneFiles"],
      swiftSettings: swift),
    .testTarget(
      name: "HoneCommandTests", dependencies: ["hone", "HoneJSON"], swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6]
)
