import COpenIDMicroHTTPD

/// A body that ends before its announced length.
final class TruncatedBody {
  private let bytes: [UInt8]
  private let limit: Int

  private init(_ bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    self.limit = min(max(0, limit), bytes.count)
  }

  /// A response that announces all bytes and breaks the connection off after some of them.
  static func response(_ bytes: [UInt8], sending limit: Int) -> OpaquePointer? {
    let context = unsafe Unmanaged.passRetained(TruncatedBody(bytes, limit: limit)).toOpaque()
    let response = unsafe MHD_create_response_from_callback(
      UInt64(bytes.count), 4_096,
      { context, position, buffer, room in
        guard let context = unsafe context, let buffer = unsafe buffer else { return -2 }
        let body = unsafe Unmanaged<TruncatedBody>.fromOpaque(context).takeUnretainedValue()
        return unsafe body.read(at: Int(position), into: UnsafeMutableRawBufferPointer(start: buffer, count: room))
      }, context,
      { context in
        if let context = unsafe context { unsafe Unmanaged<TruncatedBody>.fromOpaque(context).release() }
      })
    if unsafe response == nil { unsafe Unmanaged<TruncatedBody>.fromOpaque(context).release() }
    return unsafe response
  }

  private func read(at position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    // MHD_CONTENT_READER_END_WITH_ERROR, a macro that Swift does not import.
    guard position < limit else { return -2 }
    let piece = bytes[position..<min(limit, position + buffer.count)]
    unsafe buffer.copyBytes(from: piece)
    return piece.count
  }
}
