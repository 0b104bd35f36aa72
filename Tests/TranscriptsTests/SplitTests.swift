import SessionCore
import TestSupport
import Testing

@testable import Transcripts

@Suite struct SplitTests {
  @Test("sessions of one task go to one file, and shares come out as asked")
  func shares() throws {
    let plan = try SplitPlan(parsing: "train=0.8,test=0.2")
    #expect(plan.names == ["train", "test"])
    var counts = [0, 0]
    for number in 0..<2000 {
      let problem = Provenance(script: "a", problem: "p\(number)")
      let one = SessionBuilder(id: "x", provenance: problem).ask("1?").reply("1").session
      let other = SessionBuilder(
        id: "y", provenance: Provenance(script: "b", arm: "c", problem: "P\(number) ")
      ).ask("2?").session
      #expect(plan.part(of: one) == plan.part(of: other))
      counts[plan.part(of: one)] += 1
    }
    #expect((1500...1700).contains(counts[0]))
  }

  @Test("without a problem the first question is the task")
  func questions() {
    let one = SessionBuilder(id: "x").instruct("s").ask("What  is\n1?").reply("1").session
    let other = SessionBuilder(id: "y").ask("what is 1?").reply("2").ask("more").session
    #expect(SplitPlan.task(of: one) == SplitPlan.task(of: other))
    #expect(SplitPlan.task(of: SessionBuilder(id: "z").session) == "z")
  }

  @Test("a place is SHA-256's first eight bytes, as anybody can compute")
  func place() {
    // python3 -c "import hashlib; print(int.from_bytes(hashlib.sha256(b'12x7').digest()[:8]) / 2**64)"
    #expect(abs(SplitPlan.place(of: "12x7") - 0.666890657553469) < 1e-12)
  }

  @Test("an export never puts a task into two files")
  func disjoint() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 12))
    let plan = try SplitPlan(parsing: "train=0.5,valid=0.25,test=0.25")
    var exporter = try Exporter(.messages, split: plan)
    var tasks: [Set<String>] = [[], [], []]
    for _ in 0..<200 {
      let session = RandomWalk.session(steps: 8, using: &generator).session
      tasks[try exporter.add(session)].insert(SplitPlan.task(of: session))
    }
    #expect(tasks[0].isDisjoint(with: tasks[1]))
    #expect(tasks[0].isDisjoint(with: tasks[2]) && tasks[1].isDisjoint(with: tasks[2]))
    #expect((0..<3).reduce(0) { $0 + exporter.counts(ofPart: $1).sessions } == 200)
  }

  @Test(
    "a list that is none is refused with the reason",
    arguments: [
      ("train", SplitPlan.Fault.notNameAndShare), ("train=0.9,test", .notNameAndShare),
      ("train=x", .notNameAndShare), ("train=-1,test=2", .notNameAndShare),
      ("a/b=1", .badName("a/b")), ("=1", .badName("")), ("..=1", .badName("..")),
      ("a=0.5,a=0.5", .nameTwice("a")), ("a=0.5,b=0.4", .sharesDoNotAddUp),
      ("a=nan", .notNameAndShare),
    ])
  func refused(text: String, fault: SplitPlan.Fault) {
    #expect(throws: TranscriptError.badSplit(text, fault)) { try SplitPlan(parsing: text) }
  }
}
