/** A request as a command for a terminal. The preview has no sign-in, so the copy has none. */
import type { RequestPreview } from "$lib/backend/generated/ipc";

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl(request: RequestPreview): string {
  const lines = [`curl -X ${request.method} ${quoted(request.url)}`];
  for (const header of request.headers) lines.push(`-H ${quoted(`${header.name}: ${header.value}`)}`);
  if (request.body !== undefined) lines.push(`--data-binary ${quoted(request.body)}`);
  return lines.join(" \\\n  ");
}
