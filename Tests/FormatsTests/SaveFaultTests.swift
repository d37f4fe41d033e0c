import Foundation
import Testing

@testable import Formats

/// Limits how long files of this process may become; a longer write fails with EFBIG.
private func limitFileSize(_ size: Int) {
  var limit = rlimit(rlim_cur: rlim_t(size), rlim_max: .max)
  setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

@Test func aSaveThatTheDeviceCutsAnywhereLeavesTheOldFile() async {
  await #expect(processExitsWith: .success) {
    signal(SIGXFSZ, SIG_IGN)
    try withFolder { folder in
      let path = folder + "/x"
      let old = [UInt8](repeating: 1, count: 300)
      let new = [UInt8](repeating: 2, count: 400)
      try AtomicFile.write(old, to: path)
      for size in 0..<400 {
        limitFileSize(size)
        #expect(
          refusal { try AtomicFile.write(new, to: path) }
            == "Cannot save '\(path)': File too large. The file that was there is unchanged.")
        limitFileSize(.max)
        #expect(try contents(path) == old)
        #expect(try Directory.names(in: folder) == ["x"])
      }
      limitFileSize(400)
      try AtomicFile.write(new, to: path)
      #expect(try contents(path) == new)
    }
  }
}

@Test func aProcessThatIsKilledWhileItSavesLeavesAWholeFileAndOneTemporary() async throws {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: UUID().uuidString).path(percentEncoded: false)
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  for _ in 0..<8 {
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      let started = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        for number in 0... {
          let bytes = [UInt8](repeating: UInt8(number % 256), count: 50_000)
          try? AtomicFile.write(bytes, to: folder + "/x")
          if number == 3 { started.signal() }
        }
      }
      started.wait()
      kill(getpid(), SIGKILL)
    }
    let bytes = try contents(folder + "/x")
    #expect(bytes.count == 50_000 && Set(bytes).count == 1)
    #expect(try AtomicFile.removeStaleTemporaries(in: folder).count <= 1)
    #expect(try Directory.names(in: folder) == ["x"])
  }
}

@Test(.enabled(if: getuid() == 0, "giving up rights needs to have them"))
func withoutPermissionNothingChangesAndTheUserIsTold() async {
  await #expect(processExitsWith: .success) {
    try withFolder { folder in
      let place = "Choose a place that you may write to."
      try FileManager.default.createDirectory(
        atPath: folder + "/mine", withIntermediateDirectories: false)
      try AtomicFile.write("old", to: folder + "/secret")
      try AtomicFile.write("old", to: folder + "/mine/readonly", permissions: 0o444)
      chmod(folder, 0o555)
      chown(folder + "/mine", 65534, 65534)
      try #require(setegid(65534) == 0 && seteuid(65534) == 0)
      #expect(
        refusal { try AtomicFile.write("new", to: folder + "/x") }
          == "Cannot save '\(folder)/x': Permission denied. \(place)")
      #expect(
        refusal { try AtomicFile.write("new", to: folder + "/mine/readonly") }
          == "Cannot save '\(folder)/mine/readonly': Permission denied. \(place)")
      #expect(
        refusal { _ = try JSON(path: folder + "/secret") }
          == "Cannot read '\(folder)/secret': Permission denied. Ask its owner for permission.")
      #expect(
        refusal { _ = try RunLock(folder: folder) }
          == "Cannot lock folder '\(folder)': Permission denied.")
      #expect(refusal { try AtomicFile.write("new", to: folder + "/mine/x") } == nil)
      try #require(seteuid(0) == 0 && setegid(0) == 0)
      #expect(try Directory.names(in: folder) == ["mine", "secret"])
      #expect(try contents(folder + "/mine/readonly") == Array("old".utf8))
    }
  }
}

@Test func aFolderThatIsGoneIsAnErrorAndNotACrash() async {
  await #expect(processExitsWith: .success) {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/here", withIntermediateDirectories: false)
      chdir(folder + "/here")
      rmdir(folder + "/here")
      #expect(
        refusal { try AtomicFile.write("x", to: "x") }
          == "Cannot save 'x': No such file or directory. Create its folder first.")
    }
  }
}
