// Pictures of the repository are small: flat screens pack best without the line filters WebKit uses.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;
const TRUE_COLOUR = 2;

/**
 * The same picture in fewer bytes; anything but 8-bit true colour without interlace comes back as it is.
 * @param {Buffer} png
 * @returns {Buffer}
 */
export function smaller(png) {
  const chunks = readChunks(png);
  const head = chunks.find(({ type }) => type === 'IHDR').data;
  const [width, height, depth, colour, interlace] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9], head[12]];
  if (depth !== 8 || colour !== TRUE_COLOUR || interlace !== 0) return png;
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const lines = unfiltered(inflateSync(packed), width * 3, height, 3);
  const out = [
    png.subarray(0, SIGNATURE),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  const result = Buffer.concat(out);
  return result.length < png.length ? result : png;
}

function readChunks(png) {
  const chunks = [];
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** Undoes the filter of each line (PNG specification, section 9); each line keeps its filter byte, now 0. */
function unfiltered(raw, size, height, step) {
  const line = size + 1;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * line];
    for (let x = 0; x < size; x++) {
      const at = y * line + 1 + x;
      const left = x < step ? 0 : out[at - step];
      const up = y === 0 ? 0 : out[at - line];
      const corner = x < step || y === 0 ? 0 : out[at - line - step];
      out[at] = raw[at] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
    }
  }
  return out;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/**
 * A picture made of two colours: what a photo of a record is in the stories.
 * @param {number} size of its sides, in pixels
 * @param {[number, number, number]} front the disc
 * @param {[number, number, number]} back
 * @returns {Buffer}
 */
export function disc(size, front, back) {
  const lines = Buffer.alloc((size * 3 + 1) * size);
  const middle = (size - 1) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = (x - middle) ** 2 + (y - middle) ** 2 < (size * 0.4) ** 2;
      lines.set(inside ? front : back, y * (size * 3 + 1) + 1 + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, TRUE_COLOUR, 0, 0, 0], 8);
  const begin = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([begin, chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}
