/** What a change of the status is worth saying to a screen reader. */
import type { Status } from "$lib/backend/generated/ipc";
import { words } from "$lib/words";

export function announcements(before: Status | undefined, now: Status): string[] {
  if (!before) return [];
  const said: string[] = [];
  if (before.connection !== now.connection) {
    said.push(
      now.connection === "online" ? words.status.backOnline :
      now.connection === "working_offline" ? words.status.workingOffline : words.status.noConnection,
    );
  }
  if (now.needs_you > before.needs_you) said.push(words.status.needsYou(now.needs_you));
  if (now.unused && now.unused.id !== before.unused?.id) said.push(words.unused(now.unused.program));
  said.push(...progress(before, now));
  return said;
}

/** Progress speaks at start, half and end. */
function progress(before: Status, now: Status): string[] {
  const was = before.sending;
  const is = now.sending;
  if (!was && is) return [words.status.sending(is.done, is.all)];
  if (was && !is) return [words.status.sent(was.all)];
  if (was && is && was.done * 2 < was.all && is.done * 2 >= is.all) return [words.status.halfSent];
  return [];
}
