import Engine
import Layers
import Testing
import TestSupport

/// Against PyTorch with the same weights: see Fixtures/layers/make_feedforward.py.
@Suite struct FeedForwardReferenceTests {
  /// Holds the output and every gradient of a layer to the fixture's.
  private func compare(
    _ name: String, _ spec: any LayerSpec, _ input: Signature, training: Bool = false
  ) throws -> (fixture: Fixture, layer: any Layer, pass: Pass) {
    let fixture = try Fixture("layers/" + name)
    _ = try spec.output(for: input)
    var random = Random(seed: 0)
    let layer = spec.makeLayer(for: input, using: &random)
    try fixture.assign(to: layer.parameters)
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    pass.isTraining = training
    let output = layer(x, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    expectClose(output, try fixture("output"), within: 2e-6, name)
    expectClose(gradients[x], try fixture("grad.x"), within: 4e-6, name + " x")
    for parameter in layer.parameters {
      expectClose(
        gradients[parameter], try fixture("grad." + parameter.name), within: 2e-6,
        name + " " + parameter.name)
    }
    return (fixture, layer, pass)
  }

  @Test func aNormalisationComputesWhatPyTorchDoes() throws {
    let image = Signature.image(4, 3, 5)
    _ = try compare("layer_norm", LayerNorm.Spec(), .sequence(5))
    _ = try compare("layer_norm_image", LayerNorm.Spec(), image)
    _ = try compare("rms_norm", RMSNorm.Spec(), .sequence(5))
    _ = try compare("group_norm", GroupNorm.Spec(numGroups: 2), .sequence(6))
    var instance = InstanceNorm.Spec()
    instance.affine = true
    _ = try compare("instance_norm", instance, .image(6, 9, 7))
    _ = try compare("scale_norm", ScaleNorm.Spec(), .sequence(6))
    _ = try compare("group_norm_image", GroupNorm.Spec(numGroups: 2), image)
  }

  @Test func aConvolutionComputesWhatPyTorchDoes() throws {
    func time(_ change: (inout Conv1d.Spec) -> Void = { _ in }) -> Conv1d.Spec {
      var spec = Conv1d.Spec(outChannels: 4)
      change(&spec)
      return spec
    }
    func image(_ change: (inout Conv2d.Spec) -> Void = { _ in }) -> Conv2d.Spec {
      var spec = Conv2d.Spec(outChannels: 4)
      change(&spec)
      return spec
    }
    let (sequence, pixels) = (Signature.sequence(6), Signature.image(6, 9, 7))
    _ = try compare("conv1d", time(), sequence)
    _ = try compare(
      "conv1d_even", time { ($0.outChannels, $0.kernelSize, $0.dilation) = (37, 4, 2) }, sequence)
    _ = try compare(
      "conv1d_causal", time { ($0.padding, $0.dilation, $0.groups) = (.causal, 2, 2) }, sequence)
    _ = try compare(
      "conv1d_valid", time { ($0.padding, $0.stride, $0.bias) = (.valid, 2, false) }, sequence)
    _ = try compare("conv2d", image(), pixels)
    _ = try compare(
      "conv2d_valid",
      image { ($0.outChannels, $0.padding, $0.stride, $0.dilation) = (37, .valid, 2, 2) }, pixels)
    _ = try compare(
      "conv2d_groups", image { ($0.outChannels, $0.stride, $0.groups) = (9, 2, 3) }, pixels)
    _ = try compare("conv1d_depthwise", time { ($0.outChannels, $0.groups) = (12, 6) }, sequence)
    _ = try compare(
      "conv2d_depthwise", image { ($0.outChannels, $0.stride, $0.groups) = (6, 2, 6) }, pixels)
    _ = try compare(
      "conv2d_steps", image { ($0.kernelSize, $0.padding) = (2, .valid) }, .images(6, 9, 7))
  }

  @Test func aPoolComputesWhatPyTorchDoes() throws {
    let (sequence, pixels) = (Signature.sequence(6), Signature.image(6, 9, 7))
    func padded<S: LayerSpec>(_ spec: S) throws -> S {
      var spec = spec
      for (name, value) in [("kernel_size", 3), ("stride", 2), ("padding", 1)] {
        try spec.set(name, to: .integer(value))
      }
      return spec
    }
    _ = try compare("max_pool1d", MaxPool1d.Spec(kernelSize: 3), sequence)
    _ = try compare("max_pool1d_padded", padded(MaxPool1d.Spec()), sequence)
    _ = try compare("avg_pool1d", padded(AvgPool1d.Spec()), sequence)
    _ = try compare("max_pool2d", MaxPool2d.Spec(), pixels)
    _ = try compare("max_pool2d_padded", padded(MaxPool2d.Spec()), pixels)
    _ = try compare("avg_pool2d", padded(AvgPool2d.Spec()), pixels)
    _ = try compare("adaptive_avg_pool2d", AdaptiveAvgPool2d.Spec(outputSize: 4), pixels)
    _ = try compare("adaptive_avg_pool1d", AdaptiveAvgPool1d.Spec(outputSize: 4), sequence)
    _ = try compare("adaptive_max_pool1d", AdaptiveMaxPool1d.Spec(outputSize: 4), sequence)
    _ = try compare("adaptive_max_pool2d", AdaptiveMaxPool2d.Spec(outputSize: 4), pixels)
    _ = try compare("adaptive_avg_pool2d_steps", AdaptiveAvgPool2d.Spec(), .images(6, 9, 7))
  }

  @Test func anActivationWithStructureComputesWhatPyTorchDoes() throws {
    let (sequence, pixels) = (Signature.sequence(6), Signature.image(6, 9, 7))
    _ = try compare("glu", GLU.Spec(), sequence)
    _ = try compare("glu_image", GLU.Spec(), pixels)
    _ = try compare("swiglu", SwiGLU.Spec(), sequence)
    _ = try compare("swiglu_image", SwiGLU.Spec(), pixels)
    _ = try compare("prelu", PReLU.Spec(), sequence)
    _ = try compare("prelu_channels", PReLU.Spec(numParameters: .perChannel), sequence)
    _ = try compare("prelu_image", PReLU.Spec(numParameters: .perChannel), pixels)
  }

  @Test func upsamplingComputesWhatPyTorchDoes() throws {
    let (sequence, pixels) = (Signature.sequence(4), Signature.image(3, 4, 5))
    _ = try compare("upsample1d", Upsample1d.Spec(scaleFactor: 3), sequence)
    _ = try compare("upsample1d_linear", Upsample1d.Spec(scaleFactor: 3, mode: .linear), sequence)
    _ = try compare("upsample2d", Upsample2d.Spec(), pixels)
    var linear = Upsample2d.Spec(scaleFactor: 2, mode: .linear)
    _ = try compare("upsample2d_steps", linear, .images(2, 4, 5))
    linear.heightFactor = 3
    _ = try compare("upsample2d_linear", linear, pixels)
  }

  @Test func aConvolutionOverVideosComputesWhatPyTorchDoes() throws {
    let video = Signature.images(4, 6, 5)
    func spec(_ change: (inout Conv3d.Spec) -> Void = { _ in }) -> Conv3d.Spec {
      var spec = Conv3d.Spec(outChannels: 3)
      change(&spec)
      return spec
    }
    _ = try compare("conv3d", spec(), video)
    _ = try compare(
      "conv3d_causal",
      spec { ($0.outChannels, $0.padding, $0.stride, $0.groups) = (6, .causal, 2, 2) }, video)
    _ = try compare(
      "conv3d_valid",
      spec { ($0.kernelSize, $0.padding, $0.dilation, $0.bias) = (2, .valid, 2, false) }, video)
  }

  @Test func aTransposedConvolutionComputesWhatPyTorchDoes() throws {
    func time(_ change: (inout ConvTranspose1d.Spec) -> Void) -> ConvTranspose1d.Spec {
      var spec = ConvTranspose1d.Spec(outChannels: 4)
      change(&spec)
      return spec
    }
    func image(_ change: (inout ConvTranspose2d.Spec) -> Void = { _ in }) -> ConvTranspose2d.Spec {
      var spec = ConvTranspose2d.Spec(outChannels: 4)
      change(&spec)
      return spec
    }
    let (sequence, pixels) = (Signature.sequence(6), Signature.image(6, 9, 7))
    _ = try compare("conv_transpose1d", time { ($0.kernelSize, $0.stride) = (4, 2) }, sequence)
    _ = try compare(
      "conv_transpose1d_causal", time { ($0.padding, $0.stride, $0.groups) = (.causal, 2, 2) },
      sequence)
    _ = try compare(
      "conv_transpose1d_valid",
      time { ($0.outChannels, $0.padding, $0.stride, $0.dilation) = (5, .valid, 3, 2) }, sequence)
    _ = try compare("conv_transpose2d", image(), pixels)
    _ = try compare(
      "conv_transpose2d_stride", image { ($0.kernelSize, $0.stride) = (2, 3) }, pixels)
    _ = try compare(
      "conv_transpose2d_valid",
      image {
        ($0.outChannels, $0.padding, $0.stride, $0.groups, $0.bias) = (9, .valid, 2, 3, false)
      }, pixels)
  }

  @Test func paddingMayBeANumber() throws {
    let (sequence, pixels) = (Signature.sequence(6), Signature.image(6, 9, 7))
    let video = Signature.images(4, 6, 5)
    func made<S: LayerSpec>(_ spec: S, _ settings: [String: String]) throws -> S {
      var spec = spec
      for (name, text) in settings { try spec.set(name, text: text) }
      return spec
    }
    _ = try compare(
      "conv1d_padding", made(Conv1d.Spec(outChannels: 4), ["stride": "2", "padding": "4"]), sequence
    )
    let image = Conv2d.Spec(outChannels: 4)
    _ = try compare(
      "conv2d_padding", made(image, ["kernel_size": "5", "padding": "1"]), pixels)
    _ = try compare(
      "conv2d_padding_sides", made(image, ["stride": "2", "dilation": "2", "padding": "0x3"]),
      pixels)
    _ = try compare(
      "conv3d_padding",
      made(Conv3d.Spec(outChannels: 3), ["kernel_size": "3x2x3", "padding": "2x0x1"]), video)
    _ = try compare(
      "conv_transpose1d_padding",
      made(
        ConvTranspose1d.Spec(outChannels: 4),
        ["kernel_size": "4", "stride": "3", "padding": "1", "output_padding": "2"]), sequence)
    let spread = ConvTranspose2d.Spec(outChannels: 4)
    _ = try compare(
      "conv_transpose2d_padding",
      made(spread, ["kernel_size": "4", "stride": "2", "padding": "1", "output_padding": "1"]),
      pixels)
    _ = try compare(
      "conv_transpose2d_behind",
      made(spread, ["stride": "2x3", "padding": "valid", "output_padding": "1x2"]), pixels)
    _ = try compare(
      "conv_transpose3d_padding",
      made(ConvTranspose3d.Spec(outChannels: 3), ["stride": "1x2x1", "padding": "1x0x1"]), video)
    #expect(throws: ShapeError.self) {
      try made(spread, ["padding": "2"]).output(for: pixels)
    }
    #expect(throws: ShapeError.self) {
      try made(spread, ["padding": "1", "output_padding": "1"]).output(for: pixels)
    }
    #expect(throws: ShapeError.self) { try made(image, ["padding": "causal"]) }
  }

  @Test func sidesOfKernelsAndWindowsMayDiffer() throws {
    let (pixels, video) = (Signature.image(6, 9, 7), Signature.images(4, 6, 5))
    func made<S: LayerSpec>(_ spec: S, _ settings: [String: String]) throws -> S {
      var spec = spec
      for (name, text) in settings { try spec.set(name, text: text) }
      return spec
    }
    _ = try compare(
      "conv2d_sides",
      made(Conv2d.Spec(outChannels: 4), ["kernel_size": "3x5", "stride": "2x1"]), pixels)
    let box = ["kernel_size": "1x2x3", "padding": "valid"]
    _ = try compare(
      "conv3d_sides",
      made(Conv3d.Spec(outChannels: 3), box.merging(["stride": "2x1x1"]) { $1 }), video)
    _ = try compare(
      "conv_transpose2d_sides",
      made(
        ConvTranspose2d.Spec(outChannels: 4),
        ["kernel_size": "2x3", "stride": "3x2", "dilation": "1x2", "padding": "valid"]), pixels)
    _ = try compare("conv_transpose3d", ConvTranspose3d.Spec(outChannels: 3), video)
    _ = try compare(
      "conv_transpose3d_valid",
      made(
        ConvTranspose3d.Spec(outChannels: 6),
        box.merging(["stride": "2x1x2", "groups": "2"]) { $1 }), video)
    _ = try compare(
      "max_pool2d_sides", made(MaxPool2d.Spec(), ["kernel_size": "2x3", "stride": "1x2"]), pixels)
    let window = ["kernel_size": "3x2x2", "stride": "2x1x2", "padding": "1x0x1"]
    _ = try compare("max_pool3d", MaxPool3d.Spec(), video)
    _ = try compare("max_pool3d_sides", made(MaxPool3d.Spec(), window), video)
    _ = try compare("avg_pool3d", AvgPool3d.Spec(), video)
    _ = try compare("avg_pool3d_sides", made(AvgPool3d.Spec(), window), video)
  }

  @Test func thePaddingOfAnEmbeddingHasNoGradientAsInPyTorch() throws {
    let spec = Embedding.Spec(embeddingDim: 4, paddingIndex: 2)
    let fixture = try Fixture("layers/embedding_padded")
    var random = Random(seed: 0)
    let layer = Embedding(spec, vocabulary: 6, using: &random)
    #expect((0..<4).allSatisfy { layer.weight.value[2, $0] == 0 && layer.weight.value[1, $0] != 0 })
    try fixture.assign(to: layer.parameters)
    let tape = Tape()
    var pass = Pass()
    let output = layer(tape.constant(try fixture("x")), &pass)
    expectClose(output, try fixture("output"), within: 0)
    let gradient = tape.gradients(of: weightedLoss([output]))[layer.weight]
    expectClose(gradient, try fixture("grad.weight"), within: 2e-6)
  }

  @Test(arguments: ["batch_norm", "batch_norm_image"])
  func batchNormMovesItsRunningStatisticsAsPyTorchDoes(name: String) throws {
    let input: Signature = name == "batch_norm" ? .sequence(5) : .image(4, 3, 5)
    let (fixture, layer, pass) = try compare(name, BatchNorm.Spec(), input, training: true)
    #expect(layer.buffers.map(\.name) == ["running_mean", "running_var"])
    #expect(layer.buffers[1].value.scalars.allSatisfy { $0 == 1 }, "moved before it was told to")
    pass.keepStatistics()
    for buffer in layer.buffers {
      expectClose(buffer.value, try fixture(buffer.name), within: 1e-6, buffer.name)
    }
    var evaluation = Pass()
    let output = layer(try fixture("x"), &evaluation)
    expectClose(output, try fixture("evaluated"), within: 2e-6, "evaluated")
    #expect(evaluation.statistics.isEmpty)
  }

  @Test(arguments: Activation.Function.allCases)
  func anActivationComputesWhatPyTorchDoes(function: Activation.Function) throws {
    let fixture = try Fixture("layers/activations")
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    let output = Activation(Activation.Spec(function))(x, &pass)
    // Element by element: a function that saturates must be right where it is small, too.
    let wanted = try fixture("output.\(function.rawValue)")
    for (found, expected) in zip(output.scalars, wanted.scalars) {
      #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)))
    }
    let gradient = tape.gradients(of: weightedLoss([output]))[x]
    expectClose(gradient, try fixture("grad.\(function.rawValue)"), within: 2e-6)
  }
}
