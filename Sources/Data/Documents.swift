import Formats

/// The documents of a text, which a separator ends: where each begins.
///
/// The separator belongs to the document that it ends, so that networks learn to end one. Its last
/// character is what the first character of the next document is predicted from.
struct Documents: Sendable {
  /// The positions of the first characters of all documents but the first, in their order.
  let starts: [Int]

  /// One document.
  static let one = Documents(starts: [])

  private init(starts: [Int]) { self.starts = starts }

  /// The documents of `source` that `separator` ends, in which \n is a line break, \t a tab and \\ a
  /// backslash; messages call the text `name`, which is safe to print.
  init(of source: TextSource, endedBy separator: String, name: String) throws(DataError) {
    let wanted = Self.unescaped(separator).map { source.vocabulary.id(of: $0) }
    let ids = wanted.compactMap { $0.map(UInt16.init) }
    guard !wanted.isEmpty else {
      throw DataError(
        "Text \(name) needs a data.document_end of one character or more, got none. Give one, or set "
          + "it to none.")
    }
    var starts: [Int] = []
    if ids.count == wanted.count {
      var position = 0
      while position + ids.count <= source.ids.count {
        if source.ids[position..<position + ids.count].elementsEqual(ids) {
          position += ids.count
          if position < source.ids.count { starts.append(position) }
        } else {
          position += 1
        }
      }
    }
    guard !starts.isEmpty else {
      throw DataError(
        "Text \(name) needs \(SafeText.quoted(separator, limit: 40)) between its documents, got it "
          + "nowhere. Correct data.document_end, or set it to none.")
    }
    self.starts = starts
  }

  /// The number of documents.
  var count: Int { starts.count + 1 }

  /// `targets` cut where documents begin and after every `window` characters of one; `begins` tells
  /// which pieces are the first of a document.
  func pieces(of targets: Range<Int>, window: Int) -> [(range: Range<Int>, begins: Bool)] {
    var pieces: [(range: Range<Int>, begins: Bool)] = []
    var bounds = starts.filter { targets.contains($0) }
    bounds.append(targets.upperBound)
    var (position, begins) = (targets.lowerBound, true)
    for bound in bounds {
      while position < bound {
        let end = min(position + window, bound)
        pieces.append((position..<end, begins))
        (position, begins) = (end, false)
      }
      begins = true
    }
    return pieces
  }

  private static func unescaped(_ text: String) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        result +=
          scalar == "n"
          ? ["\n"] : scalar == "t" ? ["\t"] : scalar == "\\" ? ["\\"] : ["\\", scalar]
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        result.append(scalar)
      }
    }
    return isEscaped ? result + ["\\"] : result
  }
}
