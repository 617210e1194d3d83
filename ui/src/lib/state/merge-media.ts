/** Photos and files inside a record: data addresses and long Base64 text. They are shown, never marked (M56). */
import type { Value } from "../backend/generated/ipc";
import { size } from "../format";

export interface Media {
  /** For `<img>`; absent when it is no picture. */
  src?: string;
  /** "JPEG picture", "PDF file". */
  kind: string;
  bytes: number;
}

/** One run without spaces, in lines at most; letters of both kinds and figures, as no word has. */
const BASE64 = /^(?=[^]*[a-z])(?=[^]*[A-Z])(?=[^]*\d)[A-Za-z0-9+/\r\n]{512,}={0,2}\s*$/;
/** What the first letters of a Base64 text say. */
const BEGINNINGS: [start: string, type: string][] = [
  ["/9j/", "image/jpeg"], ["iVBORw0KGgo", "image/png"], ["R0lGOD", "image/gif"], ["UklGR", "image/webp"], ["JVBERi0", "application/pdf"],
];

/** `undefined`: an ordinary value. */
export function mediaOf(value: Value | undefined): Media | undefined {
  if (value?.type !== "text") return undefined;
  // A record that is a picture: its words are the text, and the picture stands behind them.
  const text = value.json.startsWith('"data:') ? value.json.slice(1, -1) : value.text;
  const address = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w-]+=[^;,]*)*)(;base64)?,/.exec(text);
  if (address) {
    const data = text.slice(address[0].length);
    return media(address[1] ?? "text/plain", address[3] ? base64Bytes(data) : decodedBytes(data), text);
  }
  if (!BASE64.test(text)) return undefined;
  const type = BEGINNINGS.find(([start]) => text.startsWith(start))?.[1] ?? "application/octet-stream";
  return media(type, base64Bytes(text), `data:${type};base64,${text.replace(/\s/g, "")}`);
}

/** A record that is a file and no picture: its words are the text, and what tells it apart stands behind them. */
export function isFile(value: Value): boolean {
  return value.type === "text" && value.text !== "" && value.json !== JSON.stringify(value.text) && /^"[\w.+-]+\/[\w.+-]+ /.test(value.json);
}

function media(type: string, bytes: number, address: string): Media {
  const [family, name = ""] = type.split("/");
  const short = name.replace(/\+.*$/, "").toUpperCase();
  // A picture that can hold scripts is not drawn.
  const picture = family === "image" && name !== "svg+xml";
  return { kind: family === "image" ? `${short} picture` : name === "octet-stream" ? "File" : `${short} file`, bytes, src: picture ? address : undefined };
}

function base64Bytes(data: string): number {
  const letters = data.replace(/[\s=]/g, "").length;
  return Math.floor((letters * 3) / 4);
}

function decodedBytes(data: string): number {
  return data.replace(/%[0-9a-f]{2}/gi, "x").length;
}

/** "JPEG picture, 12.3 kB". */
export function mediaWords(one: Media): string {
  return `${one.kind}, ${size(one.bytes)}`;
}
