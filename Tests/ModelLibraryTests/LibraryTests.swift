import Foundation
import Inference
import Testing
import TestSupport

@testable import ModelLibrary

/// Names are looked up in one order, addresses by one rule.
@Suite struct Libraries {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func library() throws -> (ModelShelf, LibraryPlace) {
    let place = LibraryPlace(
      listPath: folder.file("config/models.yaml"), folder: folder.file("models"))
    try FileManager.default.createDirectory(
      atPath: place.folder, withIntermediateDirectories: true)
    return (ModelShelf(place: place), place)
  }

  @Test("The folders are those of the XDG specification; relative ones are ignored")
  func places() throws {
    let both = try LibraryPlace(environment: [
      "HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "relative",
    ])
    #expect(both.listPath == "/c/terntable/models.yaml")
    #expect(both.folder == "/h/.local/share/terntable/models")
    #expect(throws: LibraryError.noHome) { try LibraryPlace(environment: ["HOME": "x"]) }
  }

  @Test(
    "A name is the list's, then a file's here, then one of the models folder; a slash is a path")
  func order() throws {
    let (library, place) = try library()
    try library.add(
      ModelList.Entry(name: "listed", aliases: ["short"], path: "/x/y.gguf"), replacing: false)
    for name in ["listed", "loose"] {
      try Data("GGUF".utf8).write(to: URL(fileURLWithPath: place.file(named: name)))
    }
    #expect(try library.find("short").path == "/x/y.gguf")
    #expect(try library.find("listed").origin == .listed)
    #expect(try library.find("loose").path == place.file(named: "loose"))
    #expect(try library.find("./listed").origin == .path)
    #expect(try library.find("absent").origin == .path)
    #expect(try library.find("..").path == "..")
  }

  @Test(
    "The list comes first, then the folder's other files; a file whose name is taken keeps its path"
  )
  func everything() throws {
    let (library, place) = try library()
    #expect(try library.models().isEmpty)
    for name in ["a", "tutor", "b c", "listed"] {
      try Data("GGUF".utf8).write(to: URL(fileURLWithPath: place.file(named: name)))
    }
    try Data().write(to: URL(fileURLWithPath: place.folder + "/x.gguf.part"))
    try library.add(
      ModelList.Entry(name: "listed", path: place.file(named: "listed")), replacing: false)
    let models = try library.models()
    #expect(models.map(\.origin) == [.listed, .folder, .folder, .folder])
    #expect(
      models.map(\.name) == [
        "listed", "a", place.file(named: "b c"), place.file(named: "tutor"),
      ])
  }

  @Test("A damaged list does not keep anybody from a path")
  func damagedList() throws {
    let (library, place) = try library()
    try SmallFile.makeFolder(
      URL(fileURLWithPath: place.listPath).deletingLastPathComponent().path)
    try SmallFile.replace(place.listPath, with: Array("a: [".utf8))
    #expect(try library.find("x/y.gguf").origin == .path)
    #expect(throws: LibraryError.self) { try library.find("a") }
  }

  @Test(
    "Addresses are https, or http to this machine",
    arguments: [
      "https://huggingface.co/a/b/resolve/main/c.gguf?download=true", "http://127.0.0.1:8080/x",
      "http://localhost/x", "http://[::1]:9/x", "http://127.9.9.9/x", "HTTPS://e.org/x",
    ])
  func goodAddresses(_ text: String) throws {
    #expect(try DownloadAddress(text).text == text)
  }

  @Test(
    "Other addresses are refused with the reason",
    arguments: [
      ("http://example.org/x", AddressFault.plain), ("http://127.0.0.1.evil.org/x", .plain),
      ("http://127.1/x", .plain), ("ftp://e.org/x", .otherScheme("ftp")),
      ("file:///etc/passwd", .notAnAddress), ("https://", .notAnAddress),
      ("https://e.org/a b", .notAnAddress), ("https://e.org/\r\nX: y", .notAnAddress),
      ("https://e.org/" + String(repeating: "x", count: 5000), .notAnAddress),
    ])
  func badAddresses(_ text: String, _ fault: AddressFault) {
    #expect(throws: LibraryError.badAddress(String(text.prefix(200)), fault)) {
      try DownloadAddress(text)
    }
  }

  @Test("A password is neither used nor shown; a redirect never leaves https")
  func secrets() throws {
    #expect(throws: LibraryError.badAddress("https://e.org", .hasPassword)) {
      try DownloadAddress("https://me:secret@e.org/x")
    }
    let safe = try DownloadAddress("https://e.org/x?token=1#y")
    #expect(safe.withoutQuery == "https://e.org/x")
    #expect(throws: LibraryError.badAddress("http://127.0.0.1/x", .downgrade)) {
      try safe.redirected(to: "http://127.0.0.1/x")
    }
  }

  @Test(
    "A part's place is read as RFC 9110 writes it, and nothing else is",
    arguments: [
      ("bytes 10-19/20", 10, 20), ("Bytes 0-0/*", 0, nil), ("bytes */20", nil, 20),
    ] as [(String, Int64?, Int64?)])
  func ranges(_ text: String, _ start: Int64?, _ total: Int64?) throws {
    let range = try #require(ContentRange(text))
    #expect(range.start == start)
    #expect(range.total == total)
  }

  @Test(
    "What is no place of a part is none",
    arguments: [
      "", "bytes", "bytes 5", "bytes 5-4/9", "bytes 0-9/9", "items 0-1/2", "bytes -1-2/3",
      "bytes 0-1/-2", "bytes a-b/c", "bytes 0-1/2/3", "bytes 99999999999999999999-1/2",
    ])
  func noRanges(_ text: String) {
    #expect(ContentRange(text) == nil)
  }

  @Test("A download that was interrupted is opened with its digest; another origin begins anew")
  func partialFiles() throws {
    let (_, place) = try library()
    let target = place.file(named: "x")
    let origin = PartialFile.Origin(address: "https://e.org/x", validator: "\"1\"")
    func append(_ text: String, to file: PartialFile) throws {
      try Array(text.utf8).withUnsafeBytes { try file.append($0) }
    }
    do {
      let file = try PartialFile(for: target) { _ in true }
      try file.beginAnew(origin)
      try append("GGUF", to: file)
      #expect(throws: LibraryError.busy(path: target + ".part")) {
        try PartialFile(for: target) { _ in true }
      }
    }
    do {
      let file = try PartialFile(for: target) { $0 == origin }
      #expect(file.count == 4)
      try append("abc", to: file)
      // sha256sum of GGUFabc.
      #expect(
        file.digest() == "23087cd7c7b269c4552f0bd250e0f42c736ae0387c17ce3c3a49c47bfdc763b8")
      #expect(file.magic == Array("GGUF".utf8))
    }
    let file = try PartialFile(for: target) { _ in false }
    #expect(file.count == 0)
    #expect(!FileManager.default.fileExists(atPath: target + ".part.from"))
  }
}
