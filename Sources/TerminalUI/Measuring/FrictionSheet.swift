import Friction

/// What the friction page shows: this session's figures, and those of its folder.
public struct FrictionSheet: Equatable, Sendable {
  /// The sessions of the folder that were read.
  public struct Folder: Equatable, Sendable {
    /// This session among them.
    public var digest: FrictionDigest
    /// Sessions that lie in the folder.
    public var found: Int
    /// Files that cannot be read as sessions.
    public var damaged: Int
    /// Whether there is more to come.
    public var isReading: Bool

    public init(digest: FrictionDigest, found: Int, damaged: Int = 0, isReading: Bool = false) {
      self.digest = digest
      self.found = found
      self.damaged = damaged
      self.isReading = isReading
    }
  }

  public var session: FrictionDigest
  public var folder: Folder

  public init(session: FrictionDigest, folder: Folder) {
    self.session = session
    self.folder = folder
  }
}
