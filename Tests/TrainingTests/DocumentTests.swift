import Data
import Engine
import Foundation
import Layers
import TestSupport
import Testing

@testable import Training

/// Texts of several documents: no state goes from one to the next.
struct DocumentTests {
  /// Nine documents of 8 to 11 letters, and a mark behind each.
  private let documents: [String] = (0..<9).map { (index: Int) -> String in
    let letters = ["a", "b", "c", "d"]
    var text = ""
    for place in 0..<8 + index % 4 { text += letters[(place * (index + 3)) % 4] }
    return text + "|"
  }

  private func dataset(batchSize: Int) throws -> any Dataset {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "x.txt").path()
    try documents.joined().write(toFile: file, atomically: true, encoding: .utf8)
    var recipe = DataRecipe(source: .file(path: "x.txt"), batchSize: batchSize, sequenceLength: 3)
    recipe.documentEnd = "|"
    return try recipe.load(seed: 1, relativeTo: folder.path())
  }

  /// What was read of a document, and what came out.
  private struct Reading {
    var ids: [Float] = []
    var output: [Float] = []
  }

  /// What `network` makes of each valid step of all training windows, a stream an entry, cut where the
  /// state begins anew.
  private func outputs(of network: Network, over data: any Dataset) -> [[Reading]] {
    let count = data.batchShape[0]
    var found: [[Reading]] = Array(repeating: [], count: count)
    var carried: [String: [Tensor]] = [:]
    for step in 0..<data.stepsPerEpoch {
      let batch = data.trainingBatch(at: step)
      var pass = Pass()
      pass.lengths = batch.lengths
      pass.states = Trainer.states(carried, for: batch)
      let output = network(batch.input, &pass)
      carried = pass.states
      for stream in 0..<count {
        let length = batch.lengths?[stream] ?? batch.input.shape[1]
        guard length > 0 else { continue }
        if step == 0 || batch.begins?[stream] == true { found[stream].append(Reading()) }
        let last = found[stream].count - 1
        found[stream][last].ids += (0..<length).map { batch.input[stream, $0] }
        let row = output.rows(stream..<stream + 1)
        for t in 0..<length { found[stream][last].output += row.step(t).scalars }
      }
    }
    return found
  }

  @Test(arguments: [1, 2]) func aStreamOfDocumentsReadsEachLikeADocumentAlone(batchSize: Int) throws
  {
    let data = try dataset(batchSize: batchSize)
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 3), GRU.Spec(hiddenSize: 4), Linear.Spec(outFeatures: 5),
    ])
    let network = try Network(model, input: data.input, seed: 3)
    let streams = outputs(of: network, over: data)
    #expect(streams.reduce(0) { $0 + $1.count } >= 7 && streams.count == batchSize)
    for read in streams.joined() {
      var alone = Pass()
      let output = network(Tensor(read.ids, [1, read.ids.count]), &alone)
      #expect(output.scalars == read.output)
    }
  }

  @Test func aTextOfDocumentsIsTrainedOn() throws {
    let data = try dataset(batchSize: 2)
    var recipe = TrainingRecipe()
    recipe.learningRate = 0.02
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 3), GRU.Spec(hiddenSize: 8),
      Linear.Spec(outFeatures: data.input.vocabulary ?? 0),
    ])
    let trainer = try Trainer(
      network: Network(model, input: data.input, seed: 3), dataset: data, recipe: recipe, seed: 1)
    let losses = try (0..<60).map { _ in try trainer.trainStep().loss }
    let (early, late) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
    #expect(late < 0.8 * early)
  }
}
