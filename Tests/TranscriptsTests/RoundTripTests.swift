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
    arguments: [(TranscriptFormat.messages, ImportFormat.messages)])
  func conversations(formats: (TranscriptFormat, ImportFormat)) throws {
    for session in sessions() {
      let ends = Conversations.ends(of: session, .all)
      guard !ends.isEmpty else { continue }
      let text = try formats.0.render([session], options: ExportOptions(branches: .all)).text
      let back = try imported(text, formats.1)
      #expect(
        back.map { $0.messages.map(Said.init) } == ends.map { session.path(to: $0).map(Said.init) })
      #expect(back.allSatisfy { $0.dropped.isEmpty && $0.joined == 0 })
    }
  }
}
