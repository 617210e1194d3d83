/** One file with everything that waits: each edit, what it changes, and the server's answer. */
import type { OutboxEntry, RecordView, RequestPreview } from "$lib/backend/generated/ipc";
import type { App } from "$lib/state/app.svelte";

interface Rescued {
  address: string;
  title: string;
  kind: string;
  saved_at: string;
  server_says?: string;
  version_mark?: string;
  /** The document with the edit, as text. */
  document?: string;
  changes: { field: string; from: string; to: string }[];
}

export async function saveRescueFile(app: App, entries: readonly OutboxEntry[]): Promise<void> {
  const rescued: Rescued[] = [];
  for (const entry of entries) {
    const view = await app.backend.call("record", { key: entry.key }).catch(() => undefined);
    const preview = await app.backend.call("request_preview", { key: entry.key }).catch(() => undefined);
    rescued.push(rescue(entry, view, preview));
  }
  const text = `${JSON.stringify({ matchbook_rescue: 1, saved_at: new Date().toISOString(), edits: rescued }, null, 2)}\n`;
  download(`matchbook-rescue-${new Date().toISOString().slice(0, 10)}.json`, text);
}

export function rescue(entry: OutboxEntry, view: RecordView | undefined, preview: RequestPreview | undefined): Rescued {
  const changed = view?.form.fields.filter((field) => field.before !== undefined) ?? [];
  return {
    address: entry.address,
    title: entry.title,
    kind: entry.kind,
    saved_at: new Date(entry.saved_at).toISOString(),
    ...(entry.words ? { server_says: entry.words } : {}),
    ...(entry.base_validator ? { version_mark: entry.base_validator } : {}),
    ...((view?.text ?? preview?.body) !== undefined ? { document: view?.text ?? preview?.body } : {}),
    changes: changed.map((field) => ({ field: field.meta.label, from: field.before?.json ?? "", to: field.value.json })),
  };
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
