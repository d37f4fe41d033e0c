import Canvas
import Layers
import Data
import Testing
import Training
import Workbench

@testable import Screens

@Suite struct SettingsFormTests {
  @Test func typingShowsWhatItWouldDoAndEnterAppliesItAsOneCommand() throws {
    var desk = try Desk()
    try desk.press("jje128")
    #expect(desk.document.model.layers[1].spec.settings.first?.value == .integer(16))
    let typed = desk.screen(80, 24).text
    #expect(typed.contains("as typed, not applied yet"))
    #expect(typed.contains("lstm 128"))
    #expect(typed.contains("[B, T, 128]  was [B, T, 16]"))
    #expect(typed.contains("weight_ih_l0  [512, 8]     4 096"))
    try desk.press("<ret>")
    #expect(desk.effects == [.command(.set(.init("lstm.hidden_size", "128")))])
    #expect(desk.session.undoDepth == 1)
    #expect(!desk.screen(80, 24).text.contains("as typed"))
    try desk.press("<ret>")
    #expect(desk.state.popups.isEmpty)
  }

  @Test func aScheduleIsDrawnWithTheTrainingSettings() throws {
    var desk = try Desk()
    try desk.press(":set training.steps 100<ret>Ge")
    #expect(!desk.screen(120, 36, .plain).text.contains("schedule times"))
    try desk.press("<esc>:set training.schedule step<ret>:set training.schedule_steps 50<ret>")
    try desk.press(":set training.schedule_factor 0.5<ret>Ge")
    let text = desk.screen(120, 36, .plain).text
    #expect(text.contains("schedule times 0.5 every 50 steps"))
    #expect(text.contains("####++++"))
  }

  @Test func escapeTakesBackThenLeaves() throws {
    var desk = try Desk()
    try desk.press("jje999<esc>")
    #expect(desk.state.popups.count == 1)
    #expect(!desk.screen().text.contains("999"))
    try desk.press("<esc>")
    #expect(desk.state.popups.isEmpty)
    #expect(desk.effects.isEmpty)
  }

  @Test func aValueThatCannotBeIsRefusedWhileItIsTypedAndStays() throws {
    var desk = try Desk()
    try desk.press("jje0")
    let refusal = "! lstm needs hidden_size to be a whole number from 1 to 65536, got '0'."
    let shown = desk.screen(120, 36).text.split(whereSeparator: \.isWhitespace).joined(
      separator: " ")
    for word in refusal.split(separator: " ") { #expect(shown.contains(word)) }
    for key in ["<ret>", "<down>", "<tab>"] {
      try desk.press(key)
      #expect(desk.state.message?.text == String(refusal.dropFirst(2)))
      #expect(desk.effects.isEmpty)
    }
  }

  @Test func aLayerThatWouldNotFitIsNamedWhileTyping() throws {
    var desk = try Desk()
    try desk.press("jjjkkkk:set data.set fox.txt<ret>Gkke")
    try desk.press("32")
    #expect(desk.screen(120, 36).text.contains("lstm 32"))
    try desk.press("<esc><esc>je7")
    let text = desk.screen(120, 36).text
    #expect(text.contains("! needs [B, T, 29]"))
    #expect(text.contains("! The loss needs [B, T, 29]"))
  }

  @Test func movingOnAppliesWhatWasTyped() throws {
    var desk = try Desk()
    try desk.press("Ge<down>0.01<down>5<down><esc>")
    #expect(desk.document.training.learningRate == 0.01)
    #expect(desk.document.training.clipNorm == 5)
    #expect(
      desk.effects == [
        .command(.set(.init("training.learning_rate", "0.01"))),
        .command(.set(.init("training.clip_norm", "5"))),
      ])
  }

  @Test func choicesGoRoundByArrowsAndSpace() throws {
    var desk = try Desk()
    try desk.press("Ge<right><ret>")
    #expect(desk.document.training.optimizer == .sgd)
    try desk.press("<left><ret>")
    #expect(desk.document.training.optimizer == .adam)
    try desk.press("<left><left>")
    #expect(desk.effects.count == 2)
  }

  @Test func theSeedAndTheNameAreReachableToo() throws {
    var desk = try Desk()
    // After the training settings come the seed and the name.
    let training = desk.document.training
    let shown = TrainingRecipe.fields.count { training.heeds($0.name) }
    let toTheSeed = String(repeating: "j", count: shown)
    try desk.press("Ge<up>" + toTheSeed + "42<down>my fox<ret><esc>")
    #expect(desk.document.seed == 42)
    #expect(desk.document.name == "my fox")
  }

  @Test func backspaceEditsTheValueInsteadOfReplacingIt() throws {
    var desk = try Desk()
    try desk.press("jje<backspace>5<ret>")
    #expect(desk.document.model.layers[1].spec.settings.first?.value == .integer(15))
  }

  @Test func everySettingThatMattersIsInSomeGroup() throws {
    let document = try Desk().document
    let paths = SettingGroup.all(in: document).flatMap { $0.settings(of: document) }.map(\.path)
    let others = DataSetting.allCases.map(\.rawValue).filter { !document.data.heeds($0) }
    #expect(others.contains("variant") && !others.contains("sequence_length"))
    let idle = TrainingRecipe.fields.map(\.name).filter { !document.training.heeds($0) }
    #expect(idle.contains("momentum") && !idle.contains("beta1"))
    let unseen = others.map { "data." + $0 } + idle.map { "training." + $0 }
    #expect(Set(paths) == Set(document.settings.map(\.path)).subtracting(unseen))
    #expect(paths.count == Set(paths).count)
  }

  @Test func theSameFormOpensOverAnotherScreen() throws {
    var desk = try Desk()
    try desk.press("4")
    desk.state.popups.append(SettingsForm(.training))
    #expect(desk.screen(80, 24).text.contains(">optimizer"))
    try desk.press("<down>0.5<ret><esc>")
    #expect(desk.document.training.learningRate == 0.5)
  }
}
