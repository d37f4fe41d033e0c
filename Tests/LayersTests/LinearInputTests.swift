import Engine
import Formats
import Layers
import Testing

/// A linear layer that says how many features it is made for.
@Suite struct LinearInputTests {
  /// Two branches, of 128 features and of 100, merged, then `more` and a linear layer.
  private func model(_ merge: Parallel.Merge, inFeatures: Int, _ more: [LayerEntry] = [])
    -> ModelSpec
  {
    func branch(_ name: String, _ size: Int) -> LayerEntry {
      LayerEntry(
        name: name, spec: Sequential.Spec(),
        children: [LayerEntry(name: name + "_dense", spec: Linear.Spec(outFeatures: size))])
    }
    var head = Linear.Spec(outFeatures: 4)
    head.inFeatures = inFeatures
    let merged = LayerEntry(
      name: "merged", spec: Parallel.Spec(merge),
      children: [branch("picture", 128), branch("order", merge == .concat ? 100 : 128)])
    return ModelSpec([merged] + more + [LayerEntry(name: "head", spec: head)])
  }

  private func problem(_ model: ModelSpec) -> String? {
    model.rows(for: .vector(7)).compactMap(\.error).first?.description
  }

  @Test func aWidthThatForgetsABranchIsExplained() {
    let sentence =
      "linear needs 100 features, as its in_features says, got [B, 228]. These are 128 of 'picture' "
      + "and 100 of 'order'. Set in_features to 228, or to 0 for as many as come."
    #expect(problem(model(.concat, inFeatures: 100)) == sentence)
    let dropout = LayerEntry(name: "dropout", spec: Dropout.Spec(p: 0.5))
    #expect(problem(model(.concat, inFeatures: 100, [dropout])) == sentence)
  }

  @Test func onlyFeaturesOfBranchesAreSaidToBeTheirs() {
    let wrong =
      "linear needs 100 features, as its in_features says, got [B, 128]. Set in_features to 128, or "
      + "to 0 for as many as come."
    #expect(problem(model(.sum, inFeatures: 100)) == wrong)
    let between = LayerEntry(name: "between", spec: Linear.Spec(outFeatures: 128))
    #expect(problem(model(.concat, inFeatures: 100, [between])) == wrong)
  }

  @Test func theRightWidthAndNoWidthFit() {
    #expect(problem(model(.concat, inFeatures: 228)) == nil)
    #expect(problem(model(.concat, inFeatures: 0)) == nil)
  }
}
