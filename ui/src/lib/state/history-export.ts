/** The history as a file, at a place the person chooses in the dialog of the system. */
import type { ExportFormat, ExportHistory, Exported } from "../backend/generated/ipc";
import { grouped, plural } from "../words";
import type { App } from "./app.svelte";

export const exportWords = {
  done: (done: Exported) =>
    `${grouped(done.versions)} ${done.versions === 1 ? "version" : plural("version")} of ${grouped(done.records)} ${done.records === 1 ? "record" : plural("record")} written to ${done.path}`,
};

/** A file name without signs that some system refuses. */
export function fileName(title: string, format: ExportFormat): string {
  const plain = title.normalize("NFC").replace(/[\\/:*?"<>|\p{Cc}]+/gu, " ").replace(/\s+/g, " ").trim().slice(0, 60) || "records";
  return `${plain} history.${format}`;
}

/** Asks where, then writes. Answers nothing if the person chose no place. */
export async function exportHistory(app: App, title: string, wanted: Omit<ExportHistory, "path">): Promise<Exported | undefined> {
  const chosen = await app.try("ask_for_file", { name: fileName(title, wanted.format) });
  if (chosen?.path === undefined) return undefined;
  const done = await app.try("export_history", { ...wanted, path: chosen.path });
  if (done) app.notices.show({ tone: "news", icon: "export", words: exportWords.done(done) });
  return done;
}
