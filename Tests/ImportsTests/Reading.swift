import Journaling
import SessionCore
import TestSupport
import Testing

@testable import Imports

/// Reads text in a format, in pieces as a file would come.
func read(
  _ text: String, as format: ImportFormat, pieces: Int = 7
) throws -> [ImportedConversation] {
  try read(Array(text.utf8), as: format, pieces: pieces)
}

func read(
  _ bytes: [UInt8], as format: ImportFormat, pieces: Int = 7
) throws -> [ImportedConversation] {
  var source = try ImportFile.source(of: format, file: "f", read: inPieces(bytes, of: pieces))
  return try all(&source)
}

private func all(_ source: inout any ConversationSource) throws -> [ImportedConversation] {
  var found: [ImportedConversation] = []
  while let next = try source.next() { found.append(next) }
  return found
}

func inPieces(_ bytes: [UInt8], of count: Int) -> () throws(ImportError) -> [UInt8] {
  var rest = bytes[...]
  return { () throws(ImportError) in
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}

/// The fault that reading text ends with.
func fault(_ text: String, as format: ImportFormat) -> ImportFault? {
  do {
    _ = try read(text, as: format)
    return nil
  } catch ImportError.invalid(let fault) {
    return fault
  } catch {
    Issue.record("unexpected \(error)")
    return nil
  }
}

extension ImportedConversation {
  /// `1<0 user text`: each message's number from 1, its parent's, its role and text.
  var outline: [String] {
    messages.enumerated().map { index, message in
      "\(index + 1)<\((message.parent ?? -1) + 1) \(message.role.rawValue) \(message.text)"
    }
  }

  /// As the journal has it.
  func session() throws -> Session {
    let header = SessionHeader(
      id: "i", title: "t", seed: 1, sampling: Sampling(), model: model ?? "unknown",
      application: "a",
      provenance: Provenance(imported: ImportOrigin(format: "f", file: "f", record: 1)))
    let entries = ImportedJournal.entries(of: self, header: header, at: VirtualClock.start)
    let bytes = try Journal.lines(of: entries)
    return try JournalReader.read(bytes: bytes).session()
  }
}
