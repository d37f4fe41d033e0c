import Engine
import Foundation
import TestSupport
import Testing

@testable import Layers

/// How recurrent layers start, and what session files say of it.
@Suite struct RecurrentStartTests {
  private func parameters(_ spec: any LayerSpec) throws -> [String: Tensor] {
    let network = try Network(ModelSpec([spec]), input: .sequence(5), seed: 3)
    let named = network.elements[0].layer.parameters.map { ($0.name, $0.value) }
    return Dictionary(uniqueKeysWithValues: named)
  }

  private func gate(_ tensor: Tensor?, _ gate: Int) throws -> [Float] {
    let all = try #require(tensor).scalars
    return Array(all[gate * 6..<(gate + 1) * 6])
  }

  @Test func theForgetBiasIsAddedToOneOfTheTwoBiases() throws {
    var spec = LSTM.Spec(hiddenSize: 6)
    let plain = try parameters(spec)
    spec.start.forgetBias = 1
    let biased = try parameters(spec)
    #expect(try gate(biased["bias_ih_l0"], 1) == gate(plain["bias_ih_l0"], 1).map { $0 + 1 })
    for number in [0, 2, 3] {
      #expect(try gate(biased["bias_ih_l0"], number) == gate(plain["bias_ih_l0"], number))
    }
    for name in ["weight_ih_l0", "weight_hh_l0", "bias_hh_l0"] {
      #expect(biased[name]?.scalars == plain[name]?.scalars)
    }
  }

  /// Keras: every bias is 0 but the forget gate's, which is 1.
  @Test(arguments: [
    "rnn", "lstm", "gru", "peephole_lstm", "layer_norm_lstm", "indrnn", "jordan",
  ])
  func biasesStartFromZeroWhereTheSpecSaysSo(kind: String) throws {
    var spec = try LayerRegistry.spec(of: kind)
    try spec.set("hidden_size", text: "6")
    try spec.set("bidirectional", text: "concat")
    let drawn = try parameters(spec)
    try spec.set("bias_init", text: "zeros")
    let started = try parameters(spec)
    for (name, value) in drawn {
      let start = try #require(started[name]?.scalars)
      if name.hasPrefix("bias") {
        #expect(value.scalars.contains { $0 != 0 } && start.allSatisfy { $0 == 0 }, "\(name)")
      } else {
        #expect(start == value.scalars, "\(name)")
      }
    }
  }

  @Test(arguments: ["lstm", "peephole_lstm", "layer_norm_lstm"])
  func theForgetBiasIsExactWhereBiasesStartFromZero(kind: String) throws {
    var spec = try LayerRegistry.spec(of: kind)
    for (name, text) in [("hidden_size", "6"), ("bias_init", "zeros"), ("forget_bias", "1")] {
      try spec.set(name, text: text)
    }
    let started = try parameters(spec)
    let biases = started.filter { $0.key.hasPrefix("bias") }.values.map(\.scalars)
    let ones = (0..<24).map { (6..<12).contains($0) ? Float(1) : 0 }
    #expect(biases.contains(ones))
    #expect(biases.allSatisfy { $0 == ones || $0.allSatisfy { $0 == 0 } })
  }

  @Test func theForgetBiasOfImagesIsExactWhereBiasesStartFromZero() throws {
    var spec = ConvLSTM.Spec(hiddenChannels: 3)
    spec.options.biasInit = .zeros
    spec.forgetBias = 1
    var random = Random(seed: 3)
    let layer = spec.makeLayer(for: .images(2, 4, 4), using: &random)
    let bias = try #require(layer.parameters.first { $0.name == "bias_l0" })
    #expect(bias.value.scalars == (0..<12).map { (3..<6).contains($0) ? 1 : 0 })
  }

  @Test(arguments: ["rnn", "irnn", "lstm", "gru", "layer_norm_lstm", "bn_lstm", "jordan"])
  func theGainMultipliesRecurrentWeightsAndNothingElse(kind: String) throws {
    var spec = try LayerRegistry.spec(of: kind)
    try spec.set("hidden_size", text: "6")
    let plain = try parameters(spec)
    try spec.set("recurrent_gain", text: "1.5")
    for (name, value) in try parameters(spec) {
      let factor: Float = name.hasPrefix("weight_hh") ? 1.5 : 1
      #expect(plain[name]?.scalars.map { $0 * factor } == value.scalars, "\(name)")
    }
  }

  @Test func chronoBiasesKeepStatesForOneToAsManySteps() throws {
    var spec = LSTM.Spec(hiddenSize: 6)
    spec.start.chronoSteps = 101
    let lstm = try parameters(spec)
    let forget = try gate(lstm["bias_ih_l0"], 1)
    #expect(forget.allSatisfy { (0...Float(log(100.0))).contains($0) } && Set(forget).count == 6)
    #expect(try gate(lstm["bias_ih_l0"], 0) == forget.map { -$0 })
    #expect(
      try gate(lstm["bias_hh_l0"], 0) + gate(lstm["bias_hh_l0"], 1)
        == .init(repeating: 0, count: 12))

    var gru = GRU.Spec(hiddenSize: 6)
    gru.chronoSteps = 101
    let update = try gate(try parameters(gru)["bias_ih_l0"], 1)
    #expect(update.allSatisfy { (0...Float(log(100.0))).contains($0) } && Set(update).count == 6)
    #expect(try gate(try parameters(gru)["bias_hh_l0"], 1) == .init(repeating: 0, count: 6))
  }

  @Test func gatesOfAGRUMayStartOpen() throws {
    var gru = GRU.Spec(hiddenSize: 6)
    gru.options.biasInit = .zeros
    gru.gateBias = 1
    let biases = try parameters(gru)
    #expect(biases["bias_ih_l0"]?.scalars == (0..<18).map { $0 < 12 ? 1 : 0 })
    #expect(biases["bias_hh_l0"]?.scalars == Array(repeating: 0, count: 18))
  }

  @Test func everyGatesRecurrentBlockStartsAsTheSpecSays() throws {
    for (kind, gates) in [("rnn", 1), ("lstm", 4), ("gru", 3)] {
      var spec = try LayerRegistry.spec(of: kind)
      try spec.set("hidden_size", text: "6")
      try spec.set("recurrent_init", text: "identity")
      let identity = try #require(try parameters(spec)["weight_hh_l0"])
      try spec.set("recurrent_init", text: "orthogonal")
      let orthogonal = try #require(try parameters(spec)["weight_hh_l0"])
      for block in 0..<gates {
        expectSameBits(identity.rows(block * 6..<block * 6 + 6), .identity(6))
        let q = orthogonal.rows(block * 6..<block * 6 + 6)
        expectClose(q.linear(q), .identity(6), within: 1e-6)
      }
    }
  }

  /// Keras's kernel `[H, G·H]` has orthonormal rows, so ours, its transpose, has such columns.
  @Test func orthogonalityOverAllGatesIsThatOfTheWholeMatrix() throws {
    for (kind, gates) in [("rnn", 1), ("lstm", 4), ("gru", 3), ("peephole_lstm", 4)] {
      var spec = try LayerRegistry.spec(of: kind)
      try spec.set("hidden_size", text: "6")
      try spec.set("recurrent_init", text: "orthogonal_over_gates")
      let u = try #require(try parameters(spec)["weight_hh_l0"])
      #expect(u.shape == [6 * gates, 6])
      let columns = Tensor(
        (0..<u.count).map { u.scalars[$0 % (6 * gates) * 6 + $0 / (6 * gates)] }, [6, 6 * gates])
      expectClose(columns.linear(columns), .identity(6), within: 1e-6, kind)
      let gate = u.rows(0..<6)
      let isOrthogonal = zip(gate.linear(gate).scalars, Tensor.identity(6).scalars)
        .allSatisfy { abs($0 - $1) < 1e-3 }
      #expect(isOrthogonal == (gates == 1), "\(kind): a gate alone is not orthogonal")
      #expect(abs(u.sumOfSquares / Double(u.count) - 1 / Double(6 * gates)) < 1e-6)
    }
  }

  @Test(arguments: [
    ("xavier_uniform", 1.0), ("xavier_normal", 1), ("kaiming_uniform", 2), ("kaiming_normal", 2),
    ("zeros", 0),
  ])
  func theVarianceOfRecurrentWeightsIsThatOfAGate(start: String, times: Double) throws {
    var spec = GRU.Spec(hiddenSize: 48)
    try spec.set("recurrent_init", text: start)
    let weight = try #require(try parameters(spec)["weight_hh_l0"])
    let variance = weight.sumOfSquares / Double(weight.count)
    #expect(abs(variance - times / 48) <= 0.08 * times / 48)
  }

  @Test func bothDirectionsStartFromNumbersOfTheirOwn() throws {
    var spec = LSTM.Spec(hiddenSize: 6)
    let alone = try parameters(spec)
    spec.options.bidirectional = .concat
    let both = try parameters(spec)
    #expect(both.count == 8)
    for (name, value) in alone {
      #expect(both[name]?.scalars == value.scalars)
      #expect(both[name + "_reverse"].map { $0.scalars != value.scalars } ?? false)
    }
  }

  @Test func filesLeaveOutWhatIsOptionalAndHasItsDefault() {
    var spec = LSTM.Spec(hiddenSize: 6)
    #expect(spec.savedSettings.map(\.name) == ["hidden_size"])
    spec.options.zoneout = 0.05
    spec.start.forgetBias = 1
    #expect(spec.savedSettings.map(\.name) == ["hidden_size", "forget_bias", "zoneout"])
  }
}
