import Foundation
import Testing

@testable import Data

struct TextSourceTests {
  @Test func charactersBecomeTheirPlacesInTheVocabulary() throws {
    let source = try TextSource(Array(String(repeating: "hello", count: 8).utf8), name: "'x'")
    #expect(source.vocabulary.characters == ["e", "h", "l", "o"])
    #expect(source.ids.prefix(5) == [1, 0, 2, 2, 3])
    #expect(source.vocabulary.text(of: [1, 0, 2, 2, 3]) == "hello")
  }

  @Test func everyScalarSurvivesTheRoundTrip() throws {
    let text = String(repeating: "a\u{0301}é漢😀\u{0}\r\n", count: 10)
    let source = try TextSource(Array(text.utf8), name: "'x'")
    #expect(source.vocabulary.text(of: source.ids.map(Int.init)) == text)
    #expect(source.vocabulary.labels.contains("◌\u{0301}"))
    #expect(source.vocabulary.labels.contains("\\u{0}"))
  }

  @Test func aByteOrderMarkIsNoCharacter() throws {
    let source = try TextSource(
      [0xEF, 0xBB, 0xBF] + Array(String(repeating: "ab", count: 20).utf8), name: "'x'")
    #expect(source.ids.count == 40)
    #expect(source.vocabulary.count == 2)
  }

  @Test func aWrongByteIsFoundByLineAndColumn() {
    let bytes = Array("first\nsécond: ".utf8) + [0xE9] + Array(" rest".utf8)
    #expect(
      message { _ = try TextSource(bytes, name: "'poem.txt'") }
        == "Text 'poem.txt' needs UTF-8, got byte 0xE9 at line 2, column 9. Save it as UTF-8.")
  }

  @Test func aTextThatEndsInsideACharacterIsFoundToo() {
    let bytes = Array(String(repeating: "x", count: 50).utf8) + [0xE2, 0x82]
    #expect(
      message { _ = try TextSource(bytes, name: "'x'") }
        == "Text 'x' needs UTF-8, got byte 0xE2 at line 1, column 51. Save it as UTF-8.")
  }

  @Test(arguments: [0, 1, 39]) func aTinyTextIsRefused(count: Int) {
    #expect(
      message { _ = try TextSource(Array(repeating: 0x61, count: count), name: "'x'") }
        == "Text 'x' needs at least 40 characters, got \(count). Use a longer text.")
  }

  @Test func fortyCharactersMakeADataSet() throws {
    let source = try TextSource(Array(repeating: 0x61, count: 40), name: "'x'")
    let data = try TextDataset(
      name: "x", title: "x", source, batchSize: 1, sequenceLength: 1)
    #expect(data.batchCount(of: .validation) == 1)
    #expect(data.batch(0, of: .test).targets.classes == [0, 0])
    #expect(data.baselines().allSatisfy { $0.value == 0 })
  }

  @Test func moreCharactersThanIdsAreRefused() {
    var text = String.UnicodeScalarView()
    for value in 0x1_0000..<0x2_0001 { text.append(Unicode.Scalar(UInt32(value)) ?? "?") }
    #expect(
      message { _ = try TextSource(Array(String(text).utf8), name: "'x'") }
        == "Text 'x' may have 65,536 different characters, got 65,537. Use another text.")
    text.removeLast()
    #expect(throws: Never.self) { try TextSource(Array(String(text).utf8), name: "'x'") }
  }

  @Test func aCharacterOutsideTheVocabularyIsNamed() {
    let vocabulary = Vocabulary("abc".unicodeScalars)
    #expect(
      message { _ = try vocabulary.ids(of: "ab\u{1B}") }
        == "The model reads the 3 characters of its text, got '\\u{1B}' at column 3. Leave that "
        + "character out.")
  }
}
