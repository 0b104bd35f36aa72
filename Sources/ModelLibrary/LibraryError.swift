import StrictYAML

/// Why a model is not found, not written down or not fetched. Cases carry facts; the words are
/// made elsewhere.
public enum LibraryError: Error, Equatable, Sendable {
  /// Neither `HOME` nor the variables of the XDG specification say where models are.
  case noHome
  /// A place in the list of models that is not as the format says; lines and columns count from 1.
  case list(path: String, line: Int, column: Int, ListFault)
  /// The name is a bundled model's, or no name at all.
  case badName(String, ListFault)
  /// The list has this name already, in this line.
  case nameTaken(String, path: String, line: Int)
  /// The list is laid out in a way that an entry cannot be added to; these lines are to be added
  /// by hand.
  case cannotAdd(path: String, lines: String)
  /// The list pins another file than the one that is there.
  case pinnedOther(name: String, file: String, expected: String, found: String, line: Int)

  /// Neither `https://`, nor `http://` to this machine.
  case badAddress(String, AddressFault)
  /// A file that is there already.
  case exists(path: String)
  /// Another program is downloading to this file.
  case busy(path: String)
  /// The system has no libcurl.
  case noLibcurl
  /// Nobody could be reached, in libcurl's number and words.
  case unreachable(address: String, code: Int32, message: String)
  /// An answer other than the file.
  case status(address: String, Int)
  /// An answer that contradicts the request.
  case badAnswer(address: String, AnswerFault)
  /// The connection ended early; what came is kept.
  case incomplete(path: String, bytes: Int64, total: Int64?, message: String)
  /// More bytes than the server said, or than any model has.
  case tooLong(address: String, limit: Int64)
  /// The disk has less room than the rest of the file needs.
  case noRoom(path: String, needed: Int64, free: Int64)
  /// The first bytes are not those of a GGUF file.
  case notGGUF(address: String)
  /// Every byte came, and they are not the pinned ones.
  case checksum(address: String, expected: String, found: String)
  /// Stopped by somebody; what came is kept.
  case cancelled(path: String, bytes: Int64)
  /// The system refused an operation on a file.
  case system(path: String, operation: String, code: Int32)
}

/// What is wrong at a place in the list of models.
public enum ListFault: Equatable, Sendable {
  case yaml(YAMLFault.Reason)
  /// Names are the keys of the document.
  case notAMapping
  /// Letters, digits, `.`, `-` and `_`, beginning with a letter or digit, at most so many bytes;
  /// not ending in `.gguf`.
  case badName(String, bytesMax: Int)
  /// A bundled model has this name.
  case bundledName(String)
  /// Two entries, or an entry and an alias.
  case nameTwice(String, firstLine: Int)
  case unknownKey(String, allowed: [String])
  case missingKey(String)
  case emptyText
  /// The value is a list or a mapping where a text is due, or the other way round.
  case wrongShape(expected: String)
  /// Not 64 hexadecimal digits.
  case badDigest(String)
  case unknownValue(String, allowed: [String])
  case tooMany(Int, limit: Int)
}

/// Why an address is not gone to.
public enum AddressFault: Equatable, Sendable {
  case notAnAddress
  /// `http://` to another machine.
  case plain
  /// A redirect from `https://` to `http://`.
  case downgrade
  case otherScheme(String)
  /// A name or password in it.
  case hasPassword
  case tooManyRedirects(Int)
}

/// How an answer contradicts its request.
public enum AnswerFault: Equatable, Sendable {
  /// A part of the file that was not asked for, or none at all.
  case otherRange(String)
  /// A redirect to nowhere.
  case emptyRedirect
}
