import Foundation
import Testing

@testable import Formats

@Test func theMachineTellsHowMuchMemoryIsLeft() throws {
  let available = try #require(AvailableMemory.bytes())
  #expect(available > 1 << 20 && available < 1 << 50)
  #expect(throws: Never.self) { try AvailableMemory.require(1, for: "A test") }
}

@Test func theControlGroupIsFoundAmongThoseOfBothVersions() {
  #expect(
    AvailableMemory.controlGroupPath("4:memory:/x\n0::/user.slice/a.scope\n")
      == "/user.slice/a.scope")
  #expect(AvailableMemory.controlGroupPath("4:memory:/x\n") == nil)
}

@Test func anAbsurdRequestIsRefusedWithBothNumbers() {
  do throws(FormatError) {
    try AvailableMemory.require(3 << 60, for: "A model of 10 layers")
    Issue.record("3 EiB were granted")
  } catch {
    #expect(error.message.hasPrefix("A model of 10 layers needs 3.0 EiB of memory, got "))
    #expect(error.message.hasSuffix(" Close other programs, or use something smaller."))
  }
}

@Test func sizesAreShownInTheirLargestUnit() {
  #expect(AvailableMemory.text(0) == "0 bytes")
  #expect(AvailableMemory.text(1) == "1 byte")
  #expect(AvailableMemory.text(1023) == "1023 bytes")
  #expect(AvailableMemory.text(1024) == "1.0 KiB")
  #expect(AvailableMemory.text(1536 << 20) == "1.5 GiB")
  #expect(AvailableMemory.text(.max) == "8.0 EiB")
}

@Test func aProcessWithALimitIsToldInsteadOfKilled() async {
  await #expect(processExitsWith: .success) {
    let used = try #require(
      String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first)
    let space = try #require(Int(used)) * 4096
    var limit = rlimit(rlim_cur: rlim_t(space + (256 << 20)), rlim_max: .max)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
    let available = try #require(AvailableMemory.bytes())
    #expect(available <= 256 << 20)
    try withFolder { folder in
      // A file of a gigabyte that takes no space, whose header promises as much.
      let path = folder + "/large.npy"
      let header = NumPyHeader.text(descriptor: "|u1", shape: [1 << 30]) + "\n"
      try AtomicFile.write(
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8),
        to: path)
      truncate(path, 10 + header.utf8.count + (1 << 30))
      let message = refusal { _ = try NumPy.read(path) }
      #expect(
        message?.hasPrefix("Reading '\(path)' needs 2.0 GiB of memory, got ") == true,
        "\(message ?? "it was read")")
    }
  }
}
