import Foundation

/// The built program, run as a person or a script runs it.
struct Program {
  /// What one run left behind.
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// `TERNTABLE_BINARY`, or the debug build beside the tests.
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["TERNTABLE_BINARY"] { return path }
    return Scratch.repository.appendingPathComponent(".build/debug/terntable").path
  }()

  /// Where this run keeps its sessions.
  let home: URL

  init() throws { home = try Scratch.folder() }

  var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["XDG_STATE_HOME"] = home.path
    environment["HOME"] = home.path
    environment["LC_ALL"] = "C.UTF-8"
    return environment
  }

  /// Runs to the end, with `input` on standard input.
  func callAsFunction(
    _ arguments: String..., input: String = "", environment extra: [String: String] = [:]
  ) throws -> Result {
    try run(arguments, input: input, environment: extra)
  }

  func run(
    _ arguments: [String], input: String = "", environment extra: [String: String] = [:],
    executable: String = Self.path
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = environment.merging(extra) { $1 }
    process.currentDirectoryURL = Scratch.repository
    // Files, not pipes: a run that prints more than a pipe holds must not wait for a reader.
    let inputFile = try Scratch.file(containing: input)
    let outputFile = try Scratch.file(containing: "")
    let errorFile = try Scratch.file(containing: "")
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }

  /// The journals this home holds, oldest first.
  func journals() throws -> [URL] {
    let walker = FileManager.default.enumerator(at: home, includingPropertiesForKeys: nil)
    return (walker?.compactMap { $0 as? URL } ?? [])
      .filter { $0.lastPathComponent.hasSuffix(".tern.jsonl") }
      .sorted { $0.path < $1.path }
  }
}

/// Folders and files of one test run, below the system's temporary folder.
enum Scratch {
  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func folder() throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("terntable-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }

  static func file(containing text: String, named name: String = "file") throws -> URL {
    let url = try folder().appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url
  }
}
