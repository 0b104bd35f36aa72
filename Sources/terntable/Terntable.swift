import ArgumentParser

@main struct Terntable: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "terntable")
}
