import SessionCore
import TestSupport
import Testing

@testable import Imports
@testable import Transcripts

@Suite("Exported and imported again")
struct RoundTripTests {
  /// What a conversation says, for comparing bytes and not look-alikes.
  private struct Said: Equatable {
    var role: Role
    var text: [UInt8]

    init(_ turn: Turn) {
      role = turn.role
      text = Array(turn.text.utf8)
    }

    init(_ message: ImportedConversation.Message) {
      role = message.role
      text = Array(message.text.utf8)
    }
  }

  private func sessions() -> [Session] {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 51))
    return [Samples.hostile, Samples.tutoring]
      + (0..<60).map { _ in RandomWalk.session(steps: 25, using: &generator).session }
  }

  private func imported(_ text: String, _ format: ImportFormat) throws -> [ImportedConversation] {
    var rest = Array(text.utf8)[...]
    var source = try ImportFile.source(of: format, file: "f") { () throws(ImportError) in
      defer { rest = rest.dropFirst(1000) }
      return Array(rest.prefix(1000))
    }
    return try all(&source)
  }

  private func all(_ source: inout any ConversationSource) throws -> [ImportedConversation] {
    var found: [ImportedConversation] = []
    while let next = try source.next() { found.append(next) }
    return found
  }

  @Test(
    "Every conversation of random trees comes back as it was",
    arguments: [
      (TranscriptFormat.messages, ImportFormat.messages), (.sharegpt, .sharegpt),
      (.wildchat, .wildchat),
    ])
  func conversations(formats: (TranscriptFormat, ImportFormat)) throws {
    for session in sessions() {
      let ends = Conversations.ends(of: session, .all)
      guard !ends.isEmpty else { continue }
      let text = try formats.0.render([session], options: ExportOptions(branches: .all)).text
      let back = try imported(text, formats.1)
      // WildChat knows people and models only.
      let hasSystem = formats.0 != .wildchat
      let said = ends.map { end in
        session.path(to: end).filter { hasSystem || $0.role != .system }.map(Said.init)
      }
      #expect(back.map { $0.messages.map(Said.init) } == said)
      #expect(back.allSatisfy { $0.dropped.isEmpty && $0.joined == 0 })
    }
  }

  @Test("Whole random trees come back with every branch")
  func trees() throws {
    for session in sessions() {
      let roots = session.turns.filter { turn in
        turn.role == .user && !session.children(of: turn.id).isEmpty
          && turn.parent.flatMap { session[$0] }.map { $0.role == .system } ?? true
      }
      guard !roots.isEmpty else { continue }
      let back = try imported(try TranscriptFormat.oasst.render([session]).text, .oasst)
      #expect(back.count == roots.count)
      for (root, tree) in zip(roots, back) {
        let above = session.path(to: root.parent).count
        let paths = leaves(session).map { session.path(to: $0) }
          .filter { path in path.contains { $0.id == root.id } }
          .map { $0.dropFirst(above).map(Said.init) }
        #expect(sorted(self.paths(of: tree)) == sorted(paths))
      }
    }
  }

  private func leaves(_ session: Session) -> [TurnID] {
    let parents = Set(session.turns.compactMap(\.parent))
    return session.turns.map(\.id).filter { !parents.contains($0) }
  }

  /// From the first message to each that nothing stands under.
  private func paths(of tree: ImportedConversation) -> [[Said]] {
    let parents = Set(tree.messages.compactMap(\.parent))
    return tree.messages.indices.filter { !parents.contains($0) }.map { leaf in
      var path: [Said] = []
      var next: Int? = leaf
      while let index = next {
        path.append(Said(tree.messages[index]))
        next = tree.messages[index].parent
      }
      return path.reversed()
    }
  }

  /// The order of siblings is not part of a tree.
  private func sorted(_ paths: [[Said]]) -> [String] {
    paths.map { path in path.map { "\($0.role) \($0.text)" }.joined(separator: "|") }.sorted()
  }
}
