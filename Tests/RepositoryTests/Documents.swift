import Foundation
import Testing

/// What the documents say about the tree is true of the tree.
@Suite struct Documents {
  let repository = Repository()

  @Test func theReadmeNamesTheTwoCommandsThatDoAllTheSetUp() throws {
    let readme = try repository.file("README.md").text
    #expect(readme.contains("make chat"))
    #expect(readme.contains("make test"))
  }

  @Test func everyPathThatTheDocumentsNameExists() throws {
    let documents =
      try ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(repository.file)
      + repository.files(under: "docs", extensions: ["md"])
    let path = /`((?:Sources|Tests|docs|sessions|Training|Benchmarks)\/[A-Za-z0-9_.\/+-]+)`/
    for document in documents {
      for match in document.text.matches(of: path) {
        #expect(repository.exists(String(match.1)), "\(document.path) names \(match.1)")
      }
    }
  }

  @Test func everyRelativeLinkLeadsSomewhere() throws {
    let documents =
      try ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(repository.file)
      + repository.files(under: "docs", extensions: ["md"])
    let link = /\]\(([^)#:]+)(?:#[^)]*)?\)/
    for document in documents {
      let folder = document.path.split(separator: "/").dropLast().joined(separator: "/")
      for match in document.text.matches(of: link) {
        let target = folder.isEmpty ? String(match.1) : "\(folder)/\(match.1)"
        #expect(repository.exists(target), "\(document.path) links to \(match.1)")
      }
    }
  }

  @Test func everyMakeTargetOfTheReadmeExists() throws {
    let makefile = try repository.file("Makefile").text
    for match in try repository.file("README.md").text.matches(of: /make (?:-s )?([a-z]+)/) {
      #expect(makefile.contains("\n\(match.1):"), "README names make \(match.1)")
    }
  }
}
