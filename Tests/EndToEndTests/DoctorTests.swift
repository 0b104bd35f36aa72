import Foundation
import Testing

/// What `terntable doctor` says of this machine.
struct DoctorTests {
  @Test func aHealthyMachineIsCalledHealthy() throws {
    let result = try Program()("doctor")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("ok      reply"))
    #expect(!result.output.contains("WRONG"))
  }

  @Test func whatIsWrongIsNamedAndMakesTheExitCodeOne() throws {
    let result = try Program()(
      "doctor", "--json", environment: ["LC_ALL": "C", "LC_CTYPE": "C", "LANG": "C"])
    #expect(result.status == 1)
    struct Report: Decodable {
      struct Check: Decodable { var name: String, ok: Bool, detail: String }
      var ok: Bool
      var checks: [Check]
    }
    let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    #expect(!report.ok)
    #expect(report.checks.filter { !$0.ok }.map(\.name) == ["terminal"])
  }

  @Test func aModelThatCannotBeOpenedIsOneLine() throws {
    let result = try Program()("doctor", "--model", "/nowhere.gguf")
    #expect(result.status == 66)
    #expect(result.errors.split(separator: "\n").count == 1)
  }
}
