import Canvas
import Training
import Workbench

extension App {
  /// Changes `state` as `event` demands; returns what the program should do.
  public static func update(_ state: inout AppState, _ event: AppEvent) -> [Effect] {
    switch event {
    case .key(let key): return press(key, &state)
    case .resized(let width, let height): state.size = (width, height)
    case .run(let events, let session):
      for event in events {
        state.run.follow(event)
        state.announce(event)
      }
      take(session, &state)
      return InspectScreen.followRun(&state)
    case .applied(let text, let session):
      take(session, &state)
      state.closeIfDone()
      state.say(text)
    case .done(let text, let session):
      take(session, &state)
      state.closeIfDone()
      state.say(text)
      if state.quitsWhenSaved, !session.isDirty { return [.quit] }
      state.quitsWhenSaved = false
    case .failed(let sentence):
      state.closesWhenDone = false
      state.quitsWhenSaved = false
      state.complain(sentence)
    case .followed(let flow): state.train.flow = flow
    case .measuredTruncation(let bias): TrainScreen.received(bias, &state)
    case .previewed(let preview): DataPopup.received(preview, &state)
    case .sample(let sample): DataPopup.received(sample, &state)
    case .batch(let strip): BatchPopup.received(strip, &state)
    case .recorded(let recording): InspectScreen.received(recording, &state)
    case .clamped(let comparison): InspectScreen.received(comparison, &state)
    case .ablated(let ablation): state.inspect.take(ablation)
    case .weights(let reading): state.inspect.weights.take(reading)
    case .wrote(let text): state.inspect.text.take(text)
    case .forecasted(let fan): state.inspect.take(fan)
    case .couldNotWrite(let sentence): state.inspect.text.fail(sentence)
    case .experiment(let news): LabScreen.received(news, &state)
    }
    return []
  }

  private static func take(_ session: SessionView, _ state: inout AppState) {
    let before = state.session.document
    state.session = session
    BuildScreen.follow(from: before, &state)
  }

  private static func press(_ key: Key, _ state: inout AppState) -> [Effect] {
    state.message = nil
    let key = key.withoutWheel
    if key == .control("c") { return interrupt(&state) }
    if key == .control("z") { return [.suspend] }
    if !state.popups.isEmpty { return state.handleInPopup(key) }
    if case .mouse(let x, let y, .press) = key { return click(x: x, y: y, &state) }
    if let binding = KeyTable.binding(for: key, on: state.screen) { return binding.run(&state) }
    switch key {
    case .escape, .mouse, .paste: break
    default: state.complain("\(key.label) does nothing here. Press ? for the keys.")
    }
    return []
  }
}

extension Key {
  /// The wheel as arrow keys, so that it scrolls wherever they do.
  fileprivate var withoutWheel: Key {
    switch self {
    case .mouse(_, _, .scrollUp): .up
    case .mouse(_, _, .scrollDown): .down
    default: self
    }
  }
}
