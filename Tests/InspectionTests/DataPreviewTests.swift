import Data
import Testing

@testable import Inspection

@Suite struct DataPreviewTests {
  private func vowels() throws -> any Dataset {
    try DataRecipe(source: .bundled("japanese-vowels"), batchSize: 16)
      .load(seed: 1, relativeTo: ".")
  }

  @Test func lengthsAndClassesAreCounted() throws {
    let data = try vowels()
    let preview = DataPreview(of: data)
    let train = preview.report.parts[0]
    #expect(preview.labels.count == 9 && train.classes.reduce(0, +) == train.sequences)
    #expect(preview.lengths.reduce(0) { $0 + $1.count } == train.sequences)
    #expect(preview.lengths.first?.lengths.lowerBound == train.shortest)
    #expect(preview.lengths.last?.lengths.upperBound == train.longest)
    #expect(preview.lengths.count <= DataPreview.mostBins)
  }

  @Test func binsAreOfEqualWidthAndHoldEveryLength() {
    #expect(DataPreview.bins([]).isEmpty)
    #expect(DataPreview.bins([5, 5]) == [.init(lengths: 5...5, count: 2)])
    let bins = DataPreview.bins(Array(1...30) + [30])
    #expect(bins.first == .init(lengths: 1...3, count: 3))
    #expect(bins.last == .init(lengths: 28...30, count: 4))
  }

  @Test func examplesAreReadAsTheyAre() throws {
    let data = try vowels()
    let sample = try #require(DataSample(0, of: .train, in: data))
    #expect(sample.count == data.exampleCount(of: .train) && sample.index == 0)
    #expect(sample.input.extent.width == 12 && sample.input.extent.steps == sample.steps.count)
    let labels = data.target.labels.map { DataSample.Wanted.label($0) }
    #expect(sample.wanted.map(labels.contains) == true)
    #expect(DataSample(-1, of: .train, in: data)?.index == sample.count - 1)
  }
}
