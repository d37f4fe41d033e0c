import Canvas

@testable import Screens

/// The whole workbench as text, without colours.
func workbench(_ state: AppState, width: Int = 80, height: Int = 24) -> String {
  var canvas = Canvas(
    width: width, height: height, capabilities: .init(colors: .mono, glyphs: .braille))
  App.view(state, on: &canvas)
  return canvas.text
}
