import Canvas
import Data
import Inspection
import Layers
import Training
import Workbench

/// What reaches the screens.
public enum AppEvent: Sendable {
  /// A key or the mouse.
  case key(Key)
  /// The terminal has another size.
  case resized(width: Int, height: Int)
  /// The run said something; the session is as it stands after that.
  case run([RunEvent], SessionView)
  /// A command was applied: what it did, and the session after it.
  case applied(String, SessionView)
  /// A command or another effect failed, with the sentence for the user.
  case failed(String)
  /// An effect other than a command was done, with a sentence for the user.
  case done(String, SessionView)
  /// A sequence was recorded for the inspector.
  case recorded(SequenceRecording)
  /// A sequence was recorded without and with clamps.
  case clamped(ClampComparison)
  /// It was measured, better than before, what the network is worth without some layers.
  case ablated(Ablation)
  /// The weights of the network were read for the inspector.
  case weights(WeightReading)
  /// An experiment said something.
  case experiment(ExperimentNews)
  /// It was measured how gradients fade or grow in the recurrent layers.
  case followed(MeasuredGradientFlow)
  /// The network wrote a text.
  case wrote(GeneratedText)
  /// It could not; the sentence says why.
  case couldNotWrite(String)
  /// The network went on with a series by itself.
  case forecasted(ForecastFan)
  /// The data were looked through.
  case previewed(DataPreview)
  /// An example of the data was read.
  case sample(DataSample)
  /// A batch of training was read.
  case batch(BatchStrip)
  /// It was measured how far truncated gradients are from whole ones.
  case measuredTruncation(TruncationBias)
}

/// What the screens want done; the program does it and sends back an event.
public enum Effect: Sendable, Equatable {
  /// Apply a command to the session.
  case command(Command)
  /// Save the session, to a new file if there is a name; over another one if it is `replacing`.
  case save(as: String?, replacing: Bool = false)
  /// Record an example with the weights as they are now, while some layers
  /// put out zeros; as in training, with what chance drops and holds, if asked for.
  case record(example: ChosenExample, asInTraining: Bool = false, without: [String] = [])
  /// Record an example as `record` does, once as it is and once while clamps hold signals.
  case clamp([Clamp], example: ChosenExample, asInTraining: Bool = false, without: [String] = [])
  /// Measure what the network is worth without some layers, on this example and on others.
  case ablate([String], example: ChosenExample)
  /// Measure no longer what the network is worth without some layers.
  case stopAblating
  /// Have the network write a text, with the weights as they are now.
  case write(TextWish)
  /// Have the network go on by itself with an example, with the weights as they are now.
  case forecast(FanWish, example: ChosenExample)
  /// Read the weights as they are now.
  case readWeights
  /// Look no longer for what is to be known of the weights.
  case stopReadingWeights
  /// Carry out the experiment of this name, with everything random drawn from a seed.
  case experiment(String, seed: UInt64)
  /// Stop the experiment that is under way.
  case stopExperiment
  /// Follow gradients back through the recurrent layers, with the weights as they are now, while they
  /// read an example.
  case followGradients(example: ChosenExample)
  /// Measure how far truncated gradients are from whole ones, with the weights as they are now.
  case measureTruncation
  /// Measure no longer how far truncated gradients are from whole ones.
  case stopMeasuringTruncation
  /// Look through the data.
  case previewData
  /// Read an example of a split of the data, by its number, counted round and round.
  case readSample(Int, Split)
  /// Read this batch of training, by its number from 0; nil: the one that was read last.
  case readBatch(Int?)
  /// Redraw everything.
  case redraw
  /// Stop the program until it is continued.
  case suspend
  /// Leave; a run that goes on is stopped and saved, unsaved edits are forgotten.
  case quit
  /// Leave like `quit`, but keep unsaved edits for the next time.
  case interrupt
}
