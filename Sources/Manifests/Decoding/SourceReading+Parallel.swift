import Dispatch
import Synchronization

extension SourceReading {
  /// How many bytes of manifests are worth a thread's while.
  private static let bytesOfABlock = 64 << 10

  /// Reads all sources of a run, blocks of them at once where there is much to read. What comes out is the same in any case.
  static func all(_ sources: [ManifestSource], environment: [String: String]) -> SourceReading {
    let blocks = blocks(of: sources)
    guard blocks.count > 1 else { return read(sources.indices, of: sources, environment) }
    let readings = Mutex<[SourceReading?]>(Array(repeating: nil, count: blocks.count))
    DispatchQueue.concurrentPerform(iterations: blocks.count) { index in
      let reading = read(blocks[index], of: sources, environment)
      readings.withLock { $0[index] = reading }
    }
    var whole = SourceReading(environment: environment)
    for reading in readings.withLock({ $0 }) { if let reading { whole.append(reading) } }
    return whole
  }

  private static func read(
    _ range: Range<Int>, of sources: [ManifestSource], _ environment: [String: String]
  ) -> SourceReading {
    var reading = SourceReading(environment: environment)
    for index in range { reading.read(sources[index], index) }
    return reading
  }

  private static func blocks(of sources: [ManifestSource]) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var start = 0
    var bytes = 0
    for index in sources.indices {
      bytes += sources[index].bytes.count
      if bytes >= bytesOfABlock {
        blocks.append(start..<index + 1)
        (start, bytes) = (index + 1, 0)
      }
    }
    if start < sources.count { blocks.append(start..<sources.count) }
    return blocks
  }
}
