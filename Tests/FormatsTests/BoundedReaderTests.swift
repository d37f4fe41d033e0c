import Foundation
import Testing

@testable import Formats

@Test func integersAreReadLeastSignificantByteFirst() throws {
  var reader = BoundedReader([1, 2, 3, 4, 255, 254, 9], name: "x")
  #expect(try reader.readInteger(as: UInt32.self, promise: "") == 0x0403_0201)
  #expect(try reader.readInteger(as: Int16.self, promise: "") == -257)
  #expect(reader.position == 6 && reader.remaining == 1)
  #expect(try reader.readRest() == [9])
  #expect(try reader.readRest() == [])
}

@Test func readingPastTheEndIsRefusedAndReadsNothing() throws {
  var reader = BoundedReader([UInt8](repeating: 0, count: 37), name: "x.npy")
  #expect(
    refusal { _ = try reader.read(80, promise: "its header says") }
      == "'x.npy' ends after 37 bytes; its header says 80. It was cut short: copy it again.")
  #expect(reader.position == 0)
  _ = try reader.read(1, promise: "")
  #expect(
    refusal { _ = try reader.read(.max, promise: "its header says") }
      == "'x.npy' ends after 37 bytes; its header says 9223372036854775807. "
      + "It was cut short: copy it again.")
  #expect(reader.position == 1)
}

@Test func onlyRegularFilesWithinTheLimitAreRead() throws {
  try withFolder { folder in
    mkfifo(folder + "/pipe", 0o600)
    try AtomicFile.write("12345", to: folder + "/file")
    symlink("file", folder + "/link")
    func message(_ path: String, limit: Int = 5) -> String? {
      refusal {
        var reader = try BoundedReader(path: path, limit: limit, noun: "session file")
        #expect(try reader.readRest() == Array("12345".utf8))
      }
    }
    #expect(message(folder + "/file") == nil)
    #expect(message(folder + "/link") == nil)
    #expect(
      message(folder + "/file", limit: 4)
        == "'\(folder)/file' has 5 bytes; a session file may have at most 4.")
    #expect(message(folder) == "'\(folder)' is a folder, not a file. Give a regular file.")
    #expect(
      message(folder + "/pipe") == "'\(folder)/pipe' is a pipe, not a file. Give a regular file.")
    #expect(message("/dev/zero") == "'/dev/zero' is a device, not a file. Give a regular file.")
    #expect(
      message(folder + "/no") == "Cannot read '\(folder)/no': No such file or directory. "
        + "Check the name.")
  }
}

@Test func aFileThatShrinksWhileItIsReadIsAnError() throws {
  try withFolder { folder in
    let path = folder + "/x"
    try AtomicFile.write("12345", to: path)
    var reader = try BoundedReader(path: path, limit: 100)
    truncate(path, 2)
    #expect(
      refusal { _ = try reader.readRest() }
        == "'\(path)' became shorter while it was read. Read it again.")
  }
}
