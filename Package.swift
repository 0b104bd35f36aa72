// swift-tools-version: 6.2
import PackageDescription

// Imports point down the list in ARCHITECTURE.md only; CI builds with
// `--explicit-target-dependency-import-check error`.

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "terntable",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "terntable", targets: ["terntable"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .executableTarget(
      name: "terntable",
      dependencies: [
        "TerminalUI", "Experiments", "Transcripts", "Friction", "SessionRuntime", "Journaling",
        "Imports", "ModelLibrary", "Checkpoints", "Inference", "SessionCore", "StrictYAML",
        "CCurses", "CZlib", argumentParser,
      ]),
    .target(name: "TerminalUI", dependencies: ["SessionCore", "Friction"]),
    .target(
      name: "Experiments",
      dependencies: [
        "SessionRuntime", "Journaling", "Friction", "SessionCore", "StrictJSON", "StrictYAML",
        crypto,
      ],
      resources: [
        .embedInCode("Tasks/Resources/facts.tsv"), .embedInCode("Tasks/Resources/outside.tsv"),
        .embedInCode("Tasks/Resources/word-problems.tsv"),
      ]),
    .target(
      name: "Transcripts",
      dependencies: ["Databases", "Friction", "SessionCore", "StrictJSON", crypto, mustache],
      resources: [
        .embedInCode("Templates/session.html.mustache"),
        .embedInCode("Templates/report.html.mustache"),
        .embedInCode("Templates/figure.svg.mustache"),
        .embedInCode("Templates/drawing.svg.mustache"),
        .embedInCode("Templates/plots.css.mustache"),
      ]),
    .target(name: "Friction", dependencies: ["SessionCore"]),
    .target(
      name: "SessionRuntime", dependencies: ["SessionCore", "Journaling", "Inference"]),
    .target(
      name: "Imports", dependencies: ["Databases", "Journaling", "SessionCore", "StrictJSON"]),
    .target(name: "Journaling", dependencies: ["SessionCore", "StrictJSON"]),
    .target(
      name: "Inference", dependencies: ["CTernary", "MappedFiles", crypto],
      resources: [.process("Resources")]),
    .target(
      name: "ModelLibrary", dependencies: ["Inference", "StrictYAML", "CCurl", crypto]),
    .target(name: "Checkpoints", dependencies: ["MappedFiles", "StrictJSON"]),
    .target(name: "Databases", dependencies: [grdb]),
    .target(name: "SessionCore"),
    .target(name: "MappedFiles"),
    .target(name: "StrictJSON"),
    .target(name: "StrictYAML", dependencies: [yams]),
    .target(name: "CTernary"),
    .target(name: "CCurl"),
    .target(name: "CCurses", linkerSettings: [.linkedLibrary("ncursesw")]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    .target(name: "TestSupport", dependencies: ["SessionCore"], path: "Tests/TestSupport"),
    .testTarget(name: "SessionCoreTests", dependencies: ["SessionCore", "TestSupport"]),
    .testTarget(
      name: "JournalingTests",
      dependencies: ["Journaling", "SessionCore", "StrictJSON", "TestSupport"],
      exclude: ["Fixtures", "Goldens"]),
    .testTarget(
      name: "ImportsTests", dependencies: ["Imports", "Journaling", "SessionCore", "TestSupport"]),
    .testTarget(name: "InferenceTests", dependencies: ["Inference", "MappedFiles", "CTernary"]),
    .testTarget(
      name: "ModelLibraryTests",
      dependencies: ["ModelLibrary", "Inference", "StrictYAML", "TestSupport"]),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["Checkpoints", "Inference", "MappedFiles", "StrictJSON", "TestSupport"]),
    .testTarget(
      name: "SessionRuntimeTests",
      dependencies: ["SessionRuntime", "Journaling", "Inference", "SessionCore", "TestSupport"]),
    .testTarget(
      name: "FrictionTests", dependencies: ["Friction", "SessionCore", "TestSupport"],
      exclude: ["Goldens"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments", "SessionRuntime", "Journaling", "Friction", "SessionCore", "StrictYAML",
        "TestSupport",
      ], exclude: ["Fixtures", "Goldens"]),
    .testTarget(
      name: "TranscriptsTests",
      dependencies: [
        "Transcripts", "Imports", "Databases", "Friction", "SessionCore", "StrictJSON",
        "TestSupport",
      ],
      exclude: ["Goldens"]),
    .testTarget(
      name: "TerminalUITests",
      dependencies: ["TerminalUI", "Friction", "SessionCore", "TestSupport"],
      exclude: ["Fixtures", "Goldens", "generate"]),
    .testTarget(name: "EndToEndTests", dependencies: ["terntable"]),
    .testTarget(name: "RepositoryTests"),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)

// One set of rules for every Swift target of ours: warnings are errors, and an
// existential says `any`.
for target in package.targets
where !["CTernary", "CCurl", "CCurses", "CZlib"].contains(target.name) {
  target.swiftSettings = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ]
}
