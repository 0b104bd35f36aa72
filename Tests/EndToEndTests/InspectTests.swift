import Foundation
import Testing

/// Looking into a reply and branching at one of its tokens, through the program.
@Suite struct InspectTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  @Test func aReplyIsLookedIntoBranchedAndProvedAgain() throws {
    let session = try Scratch.folder().appending(path: "talk.tern.jsonl").path
    let fork = try Scratch.folder().appending(path: "fork.tern.jsonl").path
    let run = try terntable.run(
      ["chat", "--plain", "--seed", "7", "--session", session],
      input: "What is 12 × 7?\n/inspect\n/branch 3 3\n/branch 3 2\n/branch 999 1\n/branch 1 99\n"
        + "/note so\n/rate 4\n/rate 0\n/rate 0\n/try\n/fork \(fork)\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("sampler: repetition penalty off → temperature 0.6"))
    #expect(run.output.contains("token 3 of "))
    #expect(run.output.contains("behind the last of "))
    #expect(run.output.contains("branched at token 3"))
    #expect(run.output.contains("[rated 4 of 5]"))
    #expect(run.output.contains("[no longer rated]"))
    #expect(run.errors.contains("that ends the reply"))
    #expect(run.errors.contains("there is no token 999"))
    #expect(run.errors.contains("there is no alternative 99"))
    #expect(run.errors.contains("no rating to take back"))
    #expect(run.errors.contains("forked: "))
    #expect(!run.output.contains("\u{1B}"))
    for record in [session, fork] {
      let text = try String(contentsOfFile: record, encoding: .utf8)
      #expect(text.contains(#""kept_tokens":{"start":0,"ids":["#))
      let proof = try terntable("replay", "--exact", record)
      #expect(proof.status == 0, "\(proof.errors)")
    }
    #expect(
      try String(contentsOfFile: fork, encoding: .utf8).contains(#""forked_from":{"session":""#))
    // Another model does not have these tokens, and the record of the replay does not claim so.
    let out = try Scratch.folder().path
    let again = try terntable("replay", session, "--seed", "7", "--out", out)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func onTheScreenATokenIsWalkedToAndBranchedAt() throws {
    let screen = try terntable.chat()
    try screen.type("What is 47 × 36?")
    try screen.press("Enter")
    try screen.wait(for: "tokens/s")
    try screen.wait(for: "ready")
    try screen.press("Escape")
    try screen.wait(for: "t try again")
    try screen.press("p")
    try screen.wait(for: "token 1 of ")
    try screen.wait(for: "the likeliest at ")
    try screen.press("l", "l")
    try screen.wait(for: "token 3 of ")
    try screen.press("Tab")
    try screen.wait(for: "special tokens, and at which places")
    try screen.press("Tab", "j")
    try screen.wait(for: "▸  2")
    try screen.press("Enter")
    try screen.wait(for: "branched at token 3")
    try screen.wait(for: "ready")
    try screen.press("5", "r")
    try screen.wait(for: "version 7 of 7")
    try screen.wait(for: "ready")
    try screen.press("4")
    try screen.wait(for: "rated 4 of 5")
    try screen.press("0")
    try screen.waitUntilGone("rated 4 of 5")
    try screen.press("F")
    try screen.wait(for: "forked: ")
  }
}
