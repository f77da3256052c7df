extension SourceReading {
  /// Reads all sources of a run, blocks of 64 KiB of them at once.
  static func all(_ sources: [ManifestSource], environment: [String: String]) -> SourceReading {
    let ranges = Blocks.ranges(sources.count, weighing: 64 << 10) { sources[$0].bytes.count }
    let readings = Blocks.map(ranges) { range in
      var reading = SourceReading(environment: environment)
      for index in range { reading.read(sources[index], index) }
      return reading
    }
    var whole = SourceReading(environment: environment)
    for reading in readings { whole.append(reading) }
    return whole
  }
}
