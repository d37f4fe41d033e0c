import Foundation
import Testing

@testable import Formats

@Test func oneHolderAtATime() throws {
  try withFolder { folder in
    var lock: RunLock? = try RunLock(folder: folder)
    #expect(try contents(folder + "/.lock") == Array("\(getpid())\n".utf8))
    do throws(FormatError) {
      _ = try RunLock(folder: folder)
      Issue.record("two locks on one run")
    } catch {
      #expect(
        error
          == FormatError(
            .locked,
            "Run '\(folder)' is in use by process \(getpid()). Stop it, or choose another run."))
    }
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(refusal { _ = try RunLock(folder: folder) } == nil)
  }
}

@Test func aLockNobodyHoldsIsTakenWhateverItSays() throws {
  try withFolder { folder in
    try AtomicFile.write("123456789 and more\n", to: folder + "/.lock")
    let lock = try RunLock(folder: folder)
    #expect(try contents(folder + "/.lock") == Array("\(getpid())\n".utf8))
    withExtendedLifetime(lock) {}
  }
}

@Test func aLockOnAFileOfItsOwnTakesItAway() throws {
  try withFolder { folder in
    let path = folder + "/a.lock"
    try AtomicFile.write("left by a process that died\n", to: path)
    var lock: RunLock? = try RunLock(file: path)
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(refusal { _ = try RunLock(file: path) }?.contains("is in use") == true)
    #expect(FileManager.default.fileExists(atPath: path), "taken away from its holder")
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(refusal { _ = try RunLock(file: path) } == nil)
  }
}

@Test func aFolderThatCannotBeLockedIsNamed() {
  #expect(
    refusal { _ = try RunLock(folder: "/no/such") }
      == "Cannot lock folder '/no/such': No such file or directory.")
}
