import SessionCore

/// What a person typed or pressed, and why it cannot be done. Facts only; the words are chosen
/// by the program.
public enum InputError: Error, Equatable, Sendable {
  /// The session refuses it.
  case refused(Refusal)
  /// No command of that name; the nearest one there is.
  case unknownCommand(String, nearest: String?)
  case missingArgument(SlashCommand.Entry)
  case unexpectedArgument(SlashCommand.Entry, String)
  /// The argument does not have the form the command shows.
  case badArgument(SlashCommand.Entry, String)
  /// There is no earlier attempt to compare with.
  case noEarlierAttempt
  /// The reply has no other version on that side.
  case noOtherVersion
  /// Nothing could follow the token that was chosen.
  case branchEnds
  /// The token that was chosen stands there already.
  case branchIsSame
  /// Nothing was asked yet that could be asked otherwise.
  case noPrompt
  /// A turn has not so many turns directly below it.
  case noTurnBelow(TurnID, count: Int)
  /// The head of a file that came back from `$EDITOR` says something else than it did, in a line
  /// (from 1) that reads so.
  case changedHead(line: Int, String)
  /// The head of such a file has a beginning and no end.
  case endlessHead
  /// There is no duel that waits for a vote.
  case noDuel
  /// Only a screen can do it.
  case needsScreen
  /// Nothing in the conversation holds the text.
  case notFound(String)
  /// More than a terminal takes for its clipboard.
  case tooLongToCopy(bytes: Int, limit: Int)
  /// One message waits for the model already.
  case stillLoading
  /// Another model is being loaded already.
  case modelOnItsWay
  /// There is nothing to set under that name.
  case unknownSetting(String)
  /// The setting has no such value.
  case badSetting(Setting.Name, String)
  /// No model was loaded; why, in one line.
  case noModel(String)
  /// A line is longer than `limit` bytes.
  case lineTooLong(bytes: Int, limit: Int)
}
