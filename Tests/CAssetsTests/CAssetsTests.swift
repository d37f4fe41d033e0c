import CAssets
import Formats
import Foundation
import Testing

private let assets = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../assets").standardized

/// The names in the program, in its order.
private let names: [String] = {
  var names: [String] = []
  while let name = casset_name(names.count) { names.append(String(cString: name)) }
  return names
}()

/// The bytes of the asset `name`; nil if there is none.
private func asset(_ name: String) -> [UInt8]? {
  var count = 1
  guard let start = casset_find(name, &count) else {
    #expect(count == 0)
    return nil
  }
  return [UInt8](UnsafeBufferPointer(start: start, count: count))
}

private func array(_ name: String) throws -> NumericArray {
  try NumPy.decode(try #require(asset(name)), name: name)
}

@Test func everyFileButTheLicencesIsPartOfTheProgram() throws {
  let files = try FileManager.default.subpathsOfDirectory(atPath: assets.path())
    .filter { $0.contains(".") && !$0.hasSuffix("LICENSE.txt") && !$0.hasPrefix("pictures/") }
  #expect(Set(names) == Set(files))
  #expect(Set(names).count == names.count)
  for name in names {
    #expect(asset(name) == [UInt8](try Data(contentsOf: assets.appending(path: name))))
  }
}

@Test func everySetSaysWhereItIsFromAndHasALicence() throws {
  for set in Set(names.map { $0.prefix { $0 != "/" } }) {
    let source = String(decoding: try #require(asset("\(set)/SOURCE.txt")), as: UTF8.self)
    for line in ["Source", "Licence", "Credit"] { #expect(source.contains("\n\(line) ")) }
    #expect(FileManager.default.fileExists(atPath: assets.path() + "/\(set)/LICENSE.txt"))
  }
}

@Test func whatIsNotThereIsNotFound() {
  #expect(asset("shakespeare") == nil)
  #expect(asset("") == nil)
  #expect(casset_name(names.count) == nil)
  #expect(casset_name(.max) == nil)
}

@Test func theSetsHaveTheSizesThatTheirSourcesState() throws {
  let text = try #require(asset("shakespeare/text.txt"))
  #expect(text.count == 1_252_480 && Set(text).count == 80)
  #expect(text.allSatisfy { $0 < 128 && $0 != UInt8(ascii: "\r") })

  #expect(try array("pendigits/x.npy").shape == [10992, 8, 2])
  #expect(try Set(array("pendigits/y.npy").integers()) == Set(0...9))

  for (part, utterances, frames) in [("train", 270, 4274), ("test", 370, 5687)] {
    let lengths = try array("japanese-vowels/len_\(part).npy").integers()
    #expect(lengths.count == utterances)
    #expect(lengths.reduce(0, +) == Int64(frames))
    #expect(try array("japanese-vowels/x_\(part).npy").shape == [frames, 12])
    #expect(try array("japanese-vowels/y_\(part).npy").integers().count == utterances)
    #expect(try Set(array("japanese-vowels/y_\(part).npy").integers()) == Set(0...8))
  }
}
