/**
 * Arrays as PostgreSQL's binary protocol takes them: a parameter given as bytes goes that way. For values whose text
 * costs both sides more than their bytes: an instant is a date to be read digit by digit, an id 32 digits (measured
 * for both together: 3 µs of a recorded event's CPU).
 */

/** An array of instants, for `timestamptz[]`. */
export function instantArray(instants: readonly Date[]): Buffer {
  const { bytes, start } = arrayOf(TIMESTAMPTZ, instants.length, 8)
  let offset = start
  for (const instant of instants) {
    const micros = (instant.getTime() - PG_EPOCH_MS) * 1_000 // exact up to the year 2255
    bytes.writeInt32BE(8, offset)
    bytes.writeInt32BE(Math.floor(micros / WORD), offset + 4)
    bytes.writeUInt32BE(((micros % WORD) + WORD) % WORD, offset + 8)
    offset += 12
  }
  return bytes
}

/** An array of ids given as 32 hexadecimal digits each, for `uuid[]`. */
export function uuidArray(hexes: readonly string[]): Buffer {
  const { bytes, start } = arrayOf(UUID, hexes.length, 16)
  bytes.write(hexes.map((hex) => SIXTEEN + hex).join(''), start, 'hex')
  return bytes
}

/** Room for so many elements of so many bytes, none of them null; each begins with its length. */
function arrayOf(
  elementType: number,
  length: number,
  elementBytes: number,
): { bytes: Buffer; start: number } {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length * (4 + elementBytes))
  const header = length === 0 ? [0, 0, elementType] : [1, 0, elementType, length, 1]
  header.forEach((word, i) => bytes.writeInt32BE(word, 4 * i))
  return length === 0 ? { bytes: bytes.subarray(0, 12), start: 12 } : { bytes, start: HEADER_BYTES }
}

/** Dimensions, whether there are nulls, the type of the elements; then length and lower bound of the one dimension. */
const HEADER_BYTES = 20
/** Numbers of types, the same in every PostgreSQL. */
const TIMESTAMPTZ = 1184
const UUID = 2950
/** PostgreSQL counts microseconds from the year 2000. */
const PG_EPOCH_MS = Date.UTC(2000, 0, 1)
const WORD = 2 ** 32
/** The length of a uuid as its four bytes in hex. */
const SIXTEEN = '00000010'
