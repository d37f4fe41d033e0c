import Engine
import Testing

@testable import Data

struct DataReportTests {
  @Test func aReportCountsWhatIsThere() throws {
    let report = DataReport(of: try bundled("japanese-vowels"))
    #expect(report.parts.map(\.sequences) == [234, 36, 370])
    #expect(report.parts[1].classes == Array(repeating: 4, count: 9))
    #expect(report.parts[2].shortest == 7 && report.parts[2].longest == 29)
    #expect(report.parts.map(\.targets) == [234, 36, 370])
    #expect(abs(report.inputs?.mean ?? 1) < 1e-4)
    let bucketed = try bundled("japanese-vowels") { $0.isBucketed = true }
    let (plain, better) = (report.padding ?? 0, bucketed.paddingShare ?? 1)
    #expect(0.2...0.6 ~= plain && better < plain / 2)
  }

  @Test func windowsCountTheirTargetsOnce() throws {
    let report = DataReport(of: try bundled("sunspots"))
    #expect(report.parts[1].targets == 46 && report.parts[2].targets == 46)
    #expect(report.columns.map(\.role) == [.unused, .inputAndTarget])
    #expect(report.columns[1].range?.least == 0 && report.columns[1].missing == 0)
  }

  @Test func aDumpIsALineATimeStep() throws {
    let adding = DataDump(try bundled("adding") { $0.length = 5 })
    #expect(adding.header == "sequence,step,x0,x1,sum")
    let lines = adding.lines(3, of: .test).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(lines.count == 5 && lines.allSatisfy { $0.count == 5 && $0[0] == "3" })
    let sum = lines.filter { $0[3] == "1" }.reduce(0.0) { $0 + (Double($1[2]) ?? .nan) }
    #expect(abs((Double(lines[4][4]) ?? .nan) - sum) < 1e-6)
    #expect(lines[..<4].allSatisfy { $0[4].isEmpty })
    let copy = DataDump(try bundled("copy") { $0.length = 1 }).lines(0, of: .train)
    #expect(copy.count == 21 && copy[0].hasSuffix(",blank") && !copy[20].hasSuffix(",blank"))
    let both = DataDump(try bundled("shape-and-order"))
    #expect(both.header.split(separator: ",").count == 2 + 4 + 144 + 4 + 1)
    let first = both.lines(0, of: .train)
    #expect(first.count == 20)
    #expect(
      first.allSatisfy {
        $0.split(separator: ",", omittingEmptySubsequences: false).count >= 155
      })
  }
}
