import Foundation
import Testing

/// The rules of CONTRIBUTING.md that a machine can check.
@Suite struct HouseRules {
  let repository = Repository()

  func sources() throws -> [Repository.File] {
    try repository.files(under: "Sources", extensions: ["swift", "c", "h"])
  }

  /// What each target may import of ours and of others; ARCHITECTURE.md draws the same picture.
  static let imports: [String: Set<String>] = [
    "SessionCore": [],
    "StrictJSON": [],
    "StrictYAML": ["Yams"],
    "MappedFiles": ["Foundation"],
    "Checkpoints": ["StrictJSON", "MappedFiles", "Foundation"],
    "Databases": ["GRDB", "Foundation"],
    "Imports": ["Databases", "Journaling", "SessionCore", "StrictJSON", "Foundation"],
    "Journaling": ["SessionCore", "StrictJSON", "Foundation"],
    "Inference": [
      "CTernary", "MappedFiles", "Crypto", "Foundation", "Dispatch", "Synchronization",
    ],
    "ModelLibrary": [
      "Inference", "StrictYAML", "CCurl", "Crypto", "Foundation", "Synchronization",
    ],
    "SessionRuntime": ["SessionCore", "Journaling", "Inference", "Foundation"],
    "Friction": ["SessionCore"],
    "Transcripts": ["Databases", "Friction", "SessionCore", "StrictJSON", "Crypto", "Mustache"],
    "Experiments": [
      "SessionRuntime", "Journaling", "Friction", "SessionCore", "StrictJSON", "StrictYAML",
      "Crypto", "Foundation",
    ],
    "TerminalUI": ["SessionCore", "Friction"],
    "terntable": [
      "TerminalUI", "Experiments", "Transcripts", "Friction", "SessionRuntime", "Journaling",
      "Imports", "ModelLibrary", "Checkpoints", "Inference", "SessionCore", "StrictYAML",
      "CCurses", "CZlib", "ArgumentParser", "Foundation", "Dispatch", "Synchronization",
    ],
  ]

  @Test func everyTargetImportsOnlyWhatStandsBelowIt() throws {
    for file in try sources() where file.path.hasSuffix(".swift") {
      let target = String(file.path.split(separator: "/")[1])
      let allowed = try #require(Self.imports[target], "\(target) has no line in the import table")
      for line in file.lines {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 1, words.count > at + 1,
          at == 0 || words[0].hasPrefix("@") || words[0] == "public"
        else { continue }
        let module = String(words[at + 1].split(separator: ".")[0])
        #expect(
          allowed.contains(module) || module == "Glibc" || module == "Darwin",
          "\(file.path) imports \(module)")
      }
    }
  }

  @Test(arguments: ["CCurl", "CCurses", "CTernary", "CZlib"])
  func exactlyOneFileImportsEachCTarget(module: String) throws {
    let importers = try sources().filter { file in
      file.lines.contains { $0 == "import \(module)" || $0.hasSuffix(" import \(module)") }
    }
    #expect(importers.count == 1, "\(importers.map(\.path))")
  }

  @Test func noFileIsLongerThanFiveHundredLines() throws {
    for folder in ["Sources", "Tests", "Benchmarks", "Training"] {
      for file in try repository.files(under: folder, extensions: ["swift", "c", "h", "py"]) {
        #expect(file.lines.count <= 500, "\(file.path): \(file.lines.count) lines")
      }
    }
  }

  @Test func noFunctionIsLongerThanSixtyLines() throws {
    for file in try sources() where file.path.hasSuffix(".swift") {
      for (name, length) in functionLengths(file) {
        #expect(length <= 60, "\(file.path): \(name) has \(length) lines")
      }
    }
  }

  /// swift-format puts a function's closing brace at the column its declaration starts in.
  private func functionLengths(_ file: Repository.File) -> [(name: String, length: Int)] {
    var found: [(String, Int)] = []
    var open: (name: String, indent: Int, start: Int)?
    for (number, line) in file.lines.enumerated() {
      let text = line.drop { $0 == " " }
      let indent = line.count - text.count
      if let started = open, indent == started.indent, text.hasPrefix("}") {
        found.append((started.name, number - started.start + 1))
        open = nil
      }
      if open == nil, text.contains("func "), !text.hasPrefix("//"), !text.hasSuffix("}") {
        open = (String(text), indent, number)
      }
    }
    return found
  }

  @Test func bannedCallsStayOut() throws {
    for file in try sources() where file.path.hasSuffix(".swift") {
      let inExecutable = file.path.hasPrefix("Sources/terntable/")
      for (number, line) in file.lines.enumerated() {
        let code = line.components(separatedBy: "//")[0]
        let place = "\(file.path):\(number + 1)"
        #expect(!code.contains("try!"), "\(place) uses try!")
        #expect(!code.contains(" as! "), "\(place) uses as!")
        #expect(
          inExecutable || code.firstMatch(of: /(^|[^.\w])print\(/) == nil, "\(place) prints")
        if code.firstMatch(of: /\btry\?/) != nil {
          let above = number > 0 ? file.lines[number - 1] : ""
          #expect(
            line.contains("//") || above.contains("//"), "\(place) uses try? without a reason")
        }
      }
    }
  }

  @Test func nothingIsLeftToDoInTheSources() throws {
    for file in try sources() {
      for word in ["TODO", "FIXME", "XXX", "HACK"] {
        #expect(!file.text.contains(word), "\(file.path) says \(word)")
      }
    }
  }

  @Test func fileNamesSayWhatIsInside() throws {
    for file in try sources() {
      for vague in ["Utils", "Helpers", "Manager", "Common", "Base"] {
        #expect(!file.name.contains(vague), "\(file.path)")
      }
    }
  }

  @Test func noPathOfSomebodysMachineIsWrittenDown() throws {
    let folders = ["Sources", "Tests", "Training", "docs", "sessions", "Benchmarks"]
    let pattern = try Regex("(^|[^A-Za-z0-9_.~}])/(" + "work|root|home/[a-z]+)/")
    for folder in folders {
      for file in try repository.files(
        under: folder, extensions: ["swift", "c", "h", "py", "md", "yaml", "json", "toml"])
      {
        #expect(file.text.firstMatch(of: pattern) == nil, "\(file.path)")
      }
    }
  }
}
