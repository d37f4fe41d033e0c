import Engine
import Layers
import Testing

/// What users read when a setting or an input does not fit, word for word.
@Suite struct SettingTests {
  private func reason(_ body: () throws -> Void) -> String {
    do {
      try body()
    } catch {
      return "\(error)"
    }
    return "no error"
  }

  @Test func aValueOutsideItsDomainIsRefusedAndNothingChanges() {
    var lstm = LSTM.Spec(hiddenSize: 32)
    #expect(
      reason { try lstm.set("hidden_size", text: "0") }
        == "lstm needs hidden_size to be a whole number from 1 to 65536, got '0'.")
    #expect(
      reason { try lstm.set("hidden_size", to: .decimal(8)) }
        == "lstm needs hidden_size to be a whole number from 1 to 65536, got 8.")
    var rnn = RNN.Spec()
    #expect(
      reason { try rnn.set("nonlinearity", text: "sine") }
        == "rnn needs nonlinearity to be tanh or relu, got 'sine'.")
    var dropout = Dropout.Spec()
    #expect(
      reason { try dropout.set("p", text: "1") }
        == "dropout needs p to be a number from 0 to below 1, got '1'.")
    var linear = Linear.Spec()
    #expect(
      reason { try linear.set("bias", text: "yes") }
        == "linear needs bias to be true or false, got 'yes'.")
    #expect(lstm == LSTM.Spec(hiddenSize: 32) && rnn == RNN.Spec() && dropout == Dropout.Spec())
  }

  @Test func anUnknownSettingIsAnsweredWithTheNearest() {
    var lstm = LSTM.Spec()
    #expect(
      reason { try lstm.set("hiden_size", text: "8") }
        == "lstm has no setting 'hiden_size'. Did you mean 'hidden_size'?")
    var linear = Linear.Spec()
    #expect(
      reason { try linear.set("width", text: "8") }
        == "linear has no setting 'width'. Choose one of: out_features, bias, weight_init, "
        + "in_features.")
    var last = LastStep.Spec()
    #expect(
      reason { try last.set("step", text: "8") } == "last_step has no settings, got 'step'.")
  }

  @Test func whatAUserTypedCannotDriveTheTerminal() {
    var lstm = LSTM.Spec()
    var last = LastStep.Spec()
    var rnn = RNN.Spec()
    let typed = "8\u{1B}[2J"
    for text in [
      reason { try lstm.set("hidden_size", text: typed) },
      reason { try lstm.set(typed, text: "8") },
      reason { try last.set(typed, text: "8") },
      reason { try rnn.set("nonlinearity", to: .choice(typed)) },
      reason { _ = try LayerRegistry.spec(of: typed) },
      reason {
        _ = try ModelSpec([LayerEntry(name: typed, spec: lstm)]).output(for: .vector(3))
      },
    ] {
      #expect(!text.contains("\u{1B}") && text.contains("8"), "\(text.debugDescription)")
    }
  }

  @Test(arguments: LayerRegistry.all.map { $0.kind })
  func everySettingReadsBackWhatItSays(kind: String) throws {
    var spec = try LayerRegistry.spec(of: kind)
    for (setting, info) in zip(spec.settings, spec.settingInfo) {
      #expect(info.domain.contains(setting.value), "\(setting.name) starts outside its domain")
      #expect(!info.summary.isEmpty)
      try spec.set(setting.name, text: setting.value.description)
    }
    let defaults = try LayerRegistry.spec(of: kind)
    #expect(LayerEntry(name: kind, spec: spec) == LayerEntry(name: kind, spec: defaults))
  }

  @Test func anInputThatDoesNotFitIsExplained() {
    #expect(
      reason { _ = try LSTM.Spec().output(for: .ids(below: 96)) }
        == "lstm needs input [batch, time, features], got [B, T] ids < 96. "
        + "Put an embedding before it.")
    #expect(
      reason { _ = try GRU.Spec().output(for: .vector(8)) }
        == "gru needs input [batch, time, features], got [B, 8]. Keep the time axis: take out what "
        + "removes it, such as last_step. An image has none: put columns_as_steps in place of "
        + "flatten.")
    #expect(
      reason { _ = try Embedding.Spec().output(for: .sequence(8)) }
        == "embedding needs ids [batch, time], got [B, T, 8]. "
        + "Remove it, or use a linear layer.")
    #expect(
      reason { _ = try GLU.Spec().output(for: .sequence(5)) }
        == "glu needs an even number of features, of which one half gates the other, "
        + "got [B, T, 5]. Let the layer before it put out 6 features.")
    #expect(
      reason { _ = try SwiGLU.Spec().output(for: .images(3, 8, 8)) }
        == "swiglu needs an even number of channels, of which one half gates the other, "
        + "got [B, T, 3, 8, 8]. Let the layer before it put out 4 channels.")
    #expect(
      reason { _ = try LayerRegistry.spec(of: "lstn") }
        == "Unknown layer 'lstn'. Did you mean 'lstm'?")
  }
}
