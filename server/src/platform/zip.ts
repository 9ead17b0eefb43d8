/**
 * ZIP archives, written as a stream: memory holds one piece, whatever the size. Deflated entries with data descriptors;
 * entries and archives up to 4 GiB.
 * Source: PKWARE APPNOTE 6.3.10, §4.3
 */
import { crc32, createDeflateRaw } from 'node:zlib'
import { Readable } from 'node:stream'
import { assert } from './errors.ts'

/** One file of an archive. */
export interface ZipEntry {
  /** Letters, digits, `-`, `_`, `.` and `/`. */
  name: string
  content: AsyncIterable<string | Buffer> | Iterable<string | Buffer>
}

const LOCAL_HEADER = 0x04034b50
const DESCRIPTOR = 0x08074b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_CENTRAL = 0x06054b50
const VERSION = 20
/** Sizes follow the content (bit 3); names are UTF-8 (bit 11). */
const FLAGS = 0x0808
const DEFLATED = 8
const SIZE_MAX = 0xffff_ffff

interface Written {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/** The bytes of an archive. @param at  the time that its files carry */
export async function* zipped(
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
  at: Date,
): AsyncGenerator<Buffer> {
  const written: Written[] = []
  const stamp = dosTime(at)
  let offset = 0
  for await (const entry of entries) {
    const name = Buffer.from(entry.name, 'utf8')
    const file: Written = { name, crc: 0, packed: 0, size: 0, offset }
    const header = localHeader(name, stamp)
    yield header
    offset += header.length
    const plain = Readable.from(counted(entry.content, file))
    const packing = createDeflateRaw()
    plain.on('error', (error) => packing.destroy(error))
    for await (const piece of plain.pipe(packing)) {
      const bytes = piece as Buffer // a deflate stream gives buffers
      file.packed += bytes.length
      yield bytes
    }
    const end = descriptor(file)
    yield end
    offset += file.packed + end.length
    assert(offset <= SIZE_MAX, 'an archive has at most 4 GiB')
    written.push(file)
  }
  const central = Buffer.concat(written.map((file) => centralHeader(file, stamp)))
  yield central
  yield endOfCentral(written.length, central.length, offset)
}

async function* counted(content: ZipEntry['content'], file: Written): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
    file.crc = crc32(bytes, file.crc)
    file.size += bytes.length
    yield bytes
  }
}

function localHeader(name: Buffer, stamp: number): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(LOCAL_HEADER, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(DEFLATED, 8)
  header.writeUInt32LE(stamp, 10)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name])
}

function descriptor({ crc, packed, size }: Written): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(DESCRIPTOR, 0)
  bytes.writeUInt32LE(crc, 4)
  bytes.writeUInt32LE(packed, 8)
  bytes.writeUInt32LE(size, 12)
  return bytes
}

function centralHeader({ name, crc, packed, size, offset }: Written, stamp: number): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(CENTRAL_HEADER, 0)
  header.writeUInt16LE(VERSION, 4)
  header.writeUInt16LE(VERSION, 6)
  header.writeUInt16LE(FLAGS, 8)
  header.writeUInt16LE(DEFLATED, 10)
  header.writeUInt32LE(stamp, 12)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(packed, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, name])
}

function endOfCentral(entries: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END_OF_CENTRAL, 0)
  end.writeUInt16LE(entries, 8)
  end.writeUInt16LE(entries, 10)
  end.writeUInt32LE(bytes, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

/** Date in the upper half, time in the lower, in UTC and in steps of two seconds. */
function dosTime(at: Date): number {
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
