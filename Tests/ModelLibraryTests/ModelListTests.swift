import Inference
import StrictYAML
import Testing

@testable import ModelLibrary

/// `models.yaml` is read as anybody's file, and written so that what people put there stays.
@Suite struct ModelLists {
  static let place = LibraryPlace(listPath: "/c/models.yaml", folder: "/d/models", home: "/h")
  static let digest = String(repeating: "0a", count: 32)

  func read(_ text: String) throws -> ModelList {
    try ModelList(parsing: Array(text.utf8), place: Self.place)
  }

  @Test("Every key of an entry is read; paths are taken from the folder, the home or as they are")
  func everyKey() throws {
    let list = try read(
      """
      falcon:
        path: falcon.gguf
        sha256: \(Self.digest.uppercased())
        source: https://example.org/falcon.gguf
        aliases: [f3, Falcon-3]
        activations: exact
      b1.58: {path: ~/b.gguf}
      c: {path: /x/c.gguf}
      """)
    #expect(
      list.entries == [
        ModelList.Entry(
          name: "falcon", aliases: ["f3", "Falcon-3"], path: "/d/models/falcon.gguf",
          sha256: Self.digest, source: "https://example.org/falcon.gguf", activations: .exact,
          line: 1),
        ModelList.Entry(name: "b1.58", path: "/h/b.gguf", line: 7),
        ModelList.Entry(name: "c", path: "/x/c.gguf", line: 8),
      ])
    #expect(list.entry(named: "f3")?.name == "falcon")
    #expect(list.entry(named: "F3") == nil)
  }

  @Test("Nothing but comments is an empty list", arguments: ["", "# a\n", "\u{FEFF}# a\n\n"])
  func empty(_ text: String) throws {
    #expect(try read(text).entries.isEmpty)
  }

  struct Mistake: CustomTestStringConvertible {
    var text: String
    var line: Int
    var column: Int
    var fault: ListFault
    var testDescription: String { "\(text.debugDescription)" }
  }

  @Test(
    "A mistake is told with its line and column",
    arguments: [
      Mistake(text: "- a\n", line: 1, column: 1, fault: .notAMapping),
      Mistake(
        text: "a: [\n", line: 2, column: 1,
        fault: .yaml(.syntax("did not find expected node content"))),
      Mistake(
        text: "a: {path: x}\na: {path: y}\n", line: 1, column: 1, fault: .yaml(.repeatedKey("a"))),
      Mistake(
        text: "a: b.gguf\n", line: 1, column: 4, fault: .wrongShape(expected: "a mapping with path")
      ),
      Mistake(text: "a:\n  sha256: 1\n", line: 1, column: 1, fault: .missingKey("path")),
      Mistake(
        text: "a:\n  path: x\n  sha: 1\n", line: 3, column: 3,
        fault: .unknownKey("sha", allowed: ModelList.keys)),
      Mistake(text: "a:\n  path: x\n  sha256: 12\n", line: 3, column: 11, fault: .badDigest("12")),
      Mistake(text: "a:\n  path:\n", line: 2, column: 8, fault: .emptyText),
      Mistake(text: "a:\n  path: ~\n", line: 2, column: 9, fault: .emptyText),
      Mistake(text: "a:\n  path: \"x\\0y\"\n", line: 2, column: 9, fault: .emptyText),
      Mistake(text: "a:\n  path: [x]\n", line: 2, column: 9, fault: .wrongShape(expected: "text")),
      Mistake(
        text: "a:\n  path: x\n  aliases: b\n", line: 3, column: 12,
        fault: .wrongShape(expected: "a list")),
      Mistake(
        text: "a:\n  path: x\n  activations: int4\n", line: 3, column: 16,
        fault: .unknownValue("int4", allowed: ["int8", "exact"])),
      Mistake(text: "tutor:\n  path: x\n", line: 1, column: 1, fault: .bundledName("tutor")),
      Mistake(
        text: "../a:\n  path: x\n", line: 1, column: 1, fault: .badName("../a", bytesMax: 64)),
      Mistake(
        text: "a.GGUF:\n  path: x\n", line: 1, column: 1, fault: .badName("a.GGUF", bytesMax: 64)),
      Mistake(
        text: "a: {path: x}\nb: {path: y, aliases: [c, a]}\n", line: 2, column: 27,
        fault: .nameTwice("a", firstLine: 1)),
      Mistake(
        text: "a: {path: x, aliases: [\"\\e[2J\"]}\n", line: 1, column: 24,
        fault: .badName("\u{1B}[2J", bytesMax: 64)),
    ])
  func mistakes(_ mistake: Mistake) {
    #expect(
      throws: LibraryError.list(
        path: "/c/models.yaml", line: mistake.line, column: mistake.column, mistake.fault)
    ) { try read(mistake.text) }
  }

  @Test("A list beyond a limit is refused before it costs anything")
  func limits() {
    let many = (0...1000).map { "m\($0): {path: x}\n" }.joined()
    #expect(
      throws: LibraryError.list(
        path: "/c/models.yaml", line: 1, column: 1, .tooMany(1001, limit: 1000))
    ) { try read(many) }
    let large = "# " + String(repeating: "x", count: YAMLNode.bytesMax)
    #expect(throws: LibraryError.self) { try read(large) }
    let aliases = "a: &a {path: x}\n" + String(repeating: "b: *a\n", count: 40)
    #expect(throws: LibraryError.self) { try read(aliases) }
  }

  // MARK: - Writing

  func adding(
    _ entry: ModelList.Entry, to old: String, replacing: Bool = false
  ) throws -> String {
    try ModelList.text(
      of: Array(old.utf8), adding: entry, replacing: replacing, place: Self.place)
  }

  @Test("What is added is read back, whatever the path and the address hold")
  func writesWhatItReads() throws {
    let entries = [
      ModelList.Entry(name: "a", path: "/d/models/a.gguf"),
      ModelList.Entry(
        name: "b", aliases: ["b1", "b-2"], path: "/x/\"quoted\" \\ : # é\u{1F600}\t\n.gguf",
        sha256: Self.digest, source: "https://e.org/%20?", activations: .exact),
      ModelList.Entry(name: "1.58", path: "/x/~"),
    ]
    var text = ""
    for entry in entries { text = try adding(entry, to: text) }
    let read = try read(text).entries
    #expect(
      read.map { [$0.name, $0.path, $0.sha256, $0.source] }
        == entries.map { [$0.name, $0.path, $0.sha256, $0.source] })
    #expect(read.map(\.aliases) == entries.map(\.aliases))
    #expect(read.map(\.activations) == entries.map(\.activations))
    #expect(text.hasPrefix("# Models that terntable knows by name"))
    #expect(text.contains("  path: \"a.gguf\"\n"))
  }

  @Test("Comments and other entries stay byte for byte, also when one is replaced")
  func keepsWhatPeopleWrote() throws {
    let old = """
      # mine
      a:   {path: x}   # first

      b:
        path: y
      # about c
      c:
        path: z
      """
    let new = ModelList.Entry(name: "b", path: "/new")
    #expect(throws: LibraryError.nameTaken("b", path: "/c/models.yaml", line: 4)) {
      try adding(new, to: old)
    }
    #expect(
      try adding(new, to: old, replacing: true) == """
        # mine
        a:   {path: x}   # first

        # about c
        c:
          path: z
        b:
          path: "/new"

        """)
  }

  @Test("A name or alias that another entry has is not given twice, with --replace neither")
  func namesStayUnique() {
    let old = "a: {path: x, aliases: [c]}\nb: {path: y}\n"
    #expect(throws: LibraryError.nameTaken("c", path: "/c/models.yaml", line: 1)) {
      try adding(ModelList.Entry(name: "c", path: "/z"), to: old, replacing: true)
    }
    #expect(throws: LibraryError.nameTaken("a", path: "/c/models.yaml", line: 1)) {
      try adding(ModelList.Entry(name: "b", aliases: ["a"], path: "/z"), to: old, replacing: true)
    }
  }

  @Test(
    "A layout that lines cannot be added to is left alone, and the lines are said",
    arguments: ["{a: {path: x}}\n", "a: {path: x}\n...\n", "---\na: {path: x}\n--- {}\n"])
  func leavesOddLayoutsAlone(_ old: String) {
    let error = #expect(throws: LibraryError.self) {
      try adding(ModelList.Entry(name: "b", path: "/y"), to: old)
    }
    switch error {
    case .cannotAdd(_, let lines): #expect(lines == "b:\n  path: \"/y\"")
    case .list: break
    default: Issue.record("\(String(describing: error))")
    }
  }
}
