import Engine
import Layers
import Testing

/// How images and shrinking time axes are shown, and what users read when a window does not fit.
@Suite struct ImageShapeTests {
  private func reason(_ spec: any LayerSpec, _ input: Signature) -> String {
    do {
      return "\(try spec.output(for: input))"
    } catch {
      return "\(error)"
    }
  }

  private func conv(
    _ padding: TimePadding = .valid, kernel: Int = 3, stride: Int = 1, dilation: Int = 1
  ) -> Conv1d.Spec {
    var spec = Conv1d.Spec(outChannels: 8, kernelSize: AxisSizes(kernel))
    (spec.padding, spec.stride, spec.dilation) = (padding, AxisSizes(stride), AxisSizes(dilation))
    return spec
  }

  @Test func imagesAndTheirSequencesShowEveryAxis() throws {
    #expect("\(Signature.image(3, 32, 24))" == "[B, 3, 32, 24]")
    #expect("\(Signature.images(1, 16, 16))" == "[B, T, 1, 16, 16]")
    #expect(try Flatten.Spec().output(for: .images(1, 16, 16)) == .sequence(256))
    #expect(reason(Conv2d.Spec(outChannels: 4), .images(1, 16, 16)) == "[B, T, 4, 16, 16]")
  }

  @Test func theTimeAxisSaysWhatIsLeftOfIt() throws {
    #expect(reason(conv(.same), .sequence(5)) == "[B, T, 8]")
    #expect(reason(conv(.causal), .sequence(5)) == "[B, T, 8]")
    #expect(reason(conv(), .sequence(5)) == "[B, T-2, 8]")
    #expect(reason(conv(.same, stride: 2), .sequence(5)) == "[B, (T+1)/2, 8]")
    let once = try conv(stride: 2).output(for: .sequence(5))
    #expect("\(once)" == "[B, (T-1)/2, 8]")
    let twice = try conv(stride: 2).output(for: once)
    #expect("\(try GRU.Spec(hiddenSize: 4).output(for: twice))" == "[B, (T-3)/4, 4]")
    for time in 1...20 {
      #expect(twice.time(time) == conv(stride: 2).steps(conv(stride: 2).steps(time)))
    }
  }

  @Test func theTimeAxisGrowsAndEnds() throws {
    func up(_ padding: TimePadding, _ stride: Int) -> ConvTranspose1d.Spec {
      var spec = ConvTranspose1d.Spec(outChannels: 8)
      (spec.padding, spec.stride) = (padding, AxisSizes(stride))
      return spec
    }
    #expect(reason(up(.same, 2), .sequence(5)) == "[B, 2T, 8]")
    #expect(reason(up(.valid, 2), .sequence(5)) == "[B, 2T+1, 8]")
    #expect(reason(up(.valid, 5), .sequence(5)) == "[B, 5T-2, 8]")
    #expect(reason(AdaptiveAvgPool1d.Spec(outputSize: 4), .sequence(5)) == "[B, 4, 5]")
    let halved = try conv(.same, stride: 2).output(for: .sequence(5))
    let back = try up(.same, 2).output(for: halved)
    #expect("\(back)" == "[B, 2((T+1)/2), 8]")
    #expect((1...9).allSatisfy { back.time($0) == 2 * (($0 + 1) / 2) })
    let doubled = try up(.same, 2).output(for: .sequence(5))
    #expect(try MaxPool1d.Spec().output(for: doubled) == .sequence(8))
    var tower = try up(.same, 4096).output(for: .sequence(5))
    for _ in 0..<9 { tower = try up(.same, 4096).output(for: tower) }
    #expect(tower.time(1000) > 1 << 39)
    #expect(
      reason(Conv3d.Spec(), .image(1, 8, 8))
        == "conv3d needs sequences of images [batch, time, channels, height, width], got "
        + "[B, 1, 8, 8]. Use conv2d for images and conv1d for sequences of vectors.")
    #expect(reason(ConvTranspose2d.Spec(outChannels: 4), .images(1, 8, 6)) == "[B, T, 4, 8, 6]")
    #expect(
      reason(InstanceNorm.Spec(), .image(3, 1, 1))
        == "instance_norm needs 2 or more pixels, got [B, 3, 1, 1]. Use layer_norm for vectors.")
  }

  @Test func moreNumbersThanAnyMachineHoldsAreRefused() {
    var up = Upsample2d.Spec()
    up.scaleFactor = 64
    let rows = ModelSpec([up, up, up, up, up, up] as [any LayerSpec]).rows(for: .image(1, 8, 8))
    let failed = rows.filter { $0.error != nil }
    #expect(failed.map(\.name) == ["upsample2d3"])
    #expect(
      "\(failed[0].error.map { "\($0)" } ?? "")"
        == "A time step may have 4294967296 numbers, got [B, 1, 2097152, 2097152]. "
        + "Use fewer channels or smaller factors.")
    #expect(rows.suffix(4).allSatisfy { $0.output == nil })
  }

  @Test func aShortSequenceStillGivesAStep() throws {
    let network = try Network(
      ModelSpec([conv(kernel: 5), LastStep.Spec()] as [any LayerSpec]), input: .sequence(3),
      seed: 1)
    var pass = Pass()
    pass.lengths = [2, 1]
    #expect(network(.ones([2, 2, 3]), &pass).shape == [2, 8])
    #expect(pass.lengths == [1, 1])
  }

  @Test func theColumnsOfAnImageBecomeTimeSteps() throws {
    #expect(reason(ColumnsAsSteps.Spec(), .image(2, 3, 4)) == "[B, 4, 6]")
    var pass = Pass()
    pass.lengths = [1]
    // x at (c, h, w) is 100 c + 10 h + w.
    let numbers = [0, 10, 20, 100, 110, 120].flatMap { row in (0..<4).map { Float(row + $0) } }
    let steps = ColumnsAsSteps()(Tensor(numbers, [1, 2, 3, 4]), &pass)
    #expect(pass.lengths == nil)
    let expected = (0..<4).flatMap { w in [0, 10, 20, 100, 110, 120].map { Float($0 + w) } }
    #expect(steps.scalars == expected)
    #expect(
      reason(ColumnsAsSteps.Spec(), .images(2, 3, 4))
        == "columns_as_steps needs images [batch, channels, height, width], got [B, T, 2, 3, 4]. "
        + "Its steps are time already: put flatten before what reads vectors.")
  }

  @Test func aConvolutionSaysWhatDoesNotFit() {
    #expect(
      reason(Conv1d.Spec(), .image(3, 8, 8))
        == "conv1d needs input [batch, time, features], got [B, 3, 8, 8]. Put columns_as_steps "
        + "before it, which makes every column of an image a time step.")
    #expect(
      reason(Conv2d.Spec(), .sequence(9))
        == "conv2d needs images [batch, channels, height, width] or sequences of them, "
        + "got [B, T, 9].")
    var wide = Conv2d.Spec(outChannels: 4, kernelSize: 7)
    wide.padding = .valid
    #expect(
      reason(wide, .image(3, 5, 5))
        == "conv2d needs images of 7×7 or more for its kernel, got [B, 3, 5, 5]. "
        + "Use a smaller kernel_size or dilation, or padding same.")
    var grouped = Conv2d.Spec(outChannels: 4)
    grouped.groups = 2
    #expect(
      reason(grouped, .image(3, 5, 5))
        == "conv2d needs 2 equal groups of 3 channels in and 4 out, got [B, 3, 5, 5]. "
        + "Choose groups so that it divides both.")
  }

  @Test func aPoolSaysWhatDoesNotFit() throws {
    #expect(reason(MaxPool1d.Spec(), .sequence(5)) == "[B, T/2, 5]")
    #expect(reason(MaxPool2d.Spec(), .images(3, 9, 8)) == "[B, T, 3, 4, 4]")
    #expect(reason(AdaptiveAvgPool2d.Spec(), .image(3, 9, 8)) == "[B, 3, 1, 1]")
    #expect(
      reason(AvgPool2d.Spec(kernelSize: 6), .image(3, 5, 8))
        == "avg_pool2d needs images of 6×6 or more for its kernel, got [B, 3, 5, 8]. "
        + "Use a smaller kernel_size or more padding.")
    var padded = MaxPool1d.Spec(kernelSize: 3)
    padded.padding = 2
    #expect(
      reason(padded, .sequence(5))
        == "max_pool1d needs padding of at most half of kernel_size 3, got 2. Use 1 or less.")
    #expect(
      reason(Embedding.Spec(embeddingDim: 4, paddingIndex: 9), .ids(below: 9))
        == "embedding needs ids that include padding_idx 9, got [B, T] ids < 9. "
        + "Choose one from 0 to 8, or -1 for none.")
  }

  @Test func aNormalisationSaysWhatDoesNotFit() {
    #expect(
      reason(GroupNorm.Spec(numGroups: 4), .sequence(6))
        == "group_norm needs channels in 4 equal groups, got [B, T, 6]. "
        + "Choose num_groups so that it divides 6.")
    #expect(
      reason(GroupNorm.Spec(numGroups: 6), .sequence(6))
        == "group_norm needs 2 or more numbers in a group, got [B, T, 6]. Use fewer num_groups.")
    #expect(
      reason(LayerNorm.Spec(), .ids(below: 9))
        == "layer_norm needs features, got [B, T] ids < 9. Put an embedding before it.")
    #expect(
      reason(Activation.Spec(.softmax), .image(3, 5, 5))
        == "activation needs features on one last axis for softmax, got [B, 3, 5, 5]. "
        + "Put flatten before it.")
  }
}

extension Conv1d.Spec {
  /// The steps that come out of `time` steps, by the formula of the books.
  fileprivate func steps(_ time: Int) -> Int {
    max(1, time < kernelSize[0] ? 0 : (time - kernelSize[0]) / stride[0] + 1)
  }
}
