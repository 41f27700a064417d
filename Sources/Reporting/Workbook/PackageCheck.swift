import CXlsxWriter
import Files

/// Checks that a workbook's file is complete.
///
/// The library writes each part of the file to a temporary file first and ignores write errors there. On a full disk it
/// may therefore report success although rows are missing. This check reads the file again: every part must decompress,
/// end at the expected position, and have the expected content.
struct PackageCheck {
  private let file: InputFile
  /// The bytes that were read. Those before `start` are already consumed.
  private var bytes: [UInt8] = []
  private var start = 0

  /// - Parameter sheets: The expected content of each sheet, in the order of the sheets.
  static func isWhole(_ path: String, sheets: [SheetContent]) throws -> Bool {
    var check = PackageCheck(file: try InputFile(path: path))
    return try check.isWhole(sheets: sheets)
  }

  private init(file: InputFile) {
    self.file = file
  }

  // The file is a ZIP archive (APPNOTE.TXT §4.3) in the layout that the library writes: consecutive parts without
  // encryption, each preceded by its sizes, then the directory and its end record.
  private mutating func isWhole(sheets: [SheetContent]) throws -> Bool {
    var parts: Set<String> = []
    while true {
      guard let signature = try take(4) else { return false }
      if signature == [0x50, 0x4B, 0x01, 0x02] { break }
      guard signature == [0x50, 0x4B, 0x03, 0x04], let header = try take(26) else { return false }
      let packed = header.number(at: 14, bytes: 4)
      guard let name = try take(header.number(at: 22, bytes: 2)), try take(header.number(at: 24, bytes: 2)) != nil
      else { return false }
      let partName = String(decoding: name, as: UTF8.self)
      var part = PartCheck(name: partName, sheets: sheets)
      guard try unpack(packed, into: { part.add($0) }), part.isWhole else { return false }
      parts.insert(partName)
    }
    for index in sheets.indices where !parts.contains(PartCheck.sheetName(index)) { return false }
    return try endsWithDirectory(of: parts.count)
  }

  /// Checks the directory. The signature of its first entry has already been read.
  private mutating func endsWithDirectory(of count: Int) throws -> Bool {
    for entry in 0..<count {
      if entry > 0, try take(4) != [0x50, 0x4B, 0x01, 0x02] { return false }
      guard let header = try take(42) else { return false }
      let rest = [24, 26, 28].reduce(0) { $0 + header.number(at: $1, bytes: 2) }
      guard try take(rest) != nil else { return false }
    }
    guard try take(4) == [0x50, 0x4B, 0x05, 0x06], let end = try take(18) else { return false }
    return try end.number(at: 6, bytes: 2) == count && take(1) == nil
  }

  /// Returns the next bytes; nil if there are fewer.
  private mutating func take(_ count: Int) throws -> [UInt8]? {
    while bytes.count - start < count {
      guard let more = try file.read() else { return nil }
      bytes = Array(bytes[start...]) + more
      start = 0
    }
    defer { start += count }
    return Array(bytes[start..<start + count])
  }

  /// Decompresses this number of packed bytes. Returns false unless the part ends with them.
  private mutating func unpack(_ packed: Int, into body: (ArraySlice<UInt8>) -> Void) throws -> Bool {
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      return false
    }
    defer { inflateEnd(&stream) }
    var left = packed
    var unpacked = [UInt8](repeating: 0, count: 262_144)
    var status = Z_OK
    while left > 0, status == Z_OK {
      if start == bytes.count {
        guard let more = try file.read() else { return false }
        (bytes, start) = (more, 0)
      }
      let end = min(bytes.count, start + left)
      left -= end - start
      bytes[start..<end].withUnsafeBufferPointer { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = uInt(input.count)
        repeat {
          let count = unpacked.withUnsafeMutableBufferPointer { output in
            stream.next_out = output.baseAddress
            stream.avail_out = uInt(output.count)
            status = inflate(&stream, Z_NO_FLUSH)
            return output.count - Int(stream.avail_out)
          }
          body(unpacked[..<count])
        } while status == Z_OK && stream.avail_out == 0
        // Z_BUF_ERROR only means that there was no more output.
        if status == Z_BUF_ERROR { status = Z_OK }
      }
      start = end
    }
    return status == Z_STREAM_END && left == 0 && stream.avail_in == 0
  }
}

extension [UInt8] {
  /// Reads a little-endian number.
  fileprivate func number(at offset: Int, bytes: Int) -> Int {
    (0..<bytes).reversed().reduce(0) { $0 << 8 | Int(self[offset + $1]) }
  }
}
