import Formats
import Foundation

/// The last report of every experiment, kept in a folder: a file for each, named after it.
public struct ReportShelf: Sendable {
  private let folder: String

  /// The reports in `folder`, which need not be there yet.
  public init(_ folder: String) { self.folder = folder }

  /// Keeps `report` in place of an earlier one of its experiment.
  public func keep(_ report: ExperimentReport) throws(FormatError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw FormatError(.cannotCreate, "Cannot create folder \(SafeText.quoted(folder)).")
    }
    try AtomicFile.write(report.json.text(.compact) + "\n", to: file(of: report.name))
  }

  /// What is kept of the experiments that there are, in their order; a file that cannot be read as a
  /// report, or that judged another claim than today's, is passed over.
  public func reports() -> [ExperimentReport] {
    ExperimentRegistry.all.compactMap { experiment in
      let path = file(of: experiment.name)
      guard FileManager.default.fileExists(atPath: path), let json = try? JSON(path: path),
        let report = try? ExperimentReport(json.root), report.name == experiment.name,
        report.claim == experiment.claim
      else { return nil }
      return report
    }
  }

  private func file(of name: String) -> String { folder + "/" + name + ".json" }
}
