/** Words of the record list and the record pane. */
import type { News, RecordState } from "$lib/backend/generated/ipc";
import { clock, dayTime, daysBetween, longDay } from "$lib/format";
import { words as common, counted, grouped, listed, plural, quotedAtEnd } from "$lib/words";

export const words = {
  all: common.places.all,
  state: "State",
  name: "Name",
  changed: "Changed",
  collection: "Kept in",
  newRecord: "New",
  newTitle: (noun: string) => `New ${noun}`,
  filter: (nouns: string) => `Filter ${nouns.toLowerCase()}`,
  filterHint: "Filter by name, number, note",
  allStates: "All states",
  filterState: (state: string) => `State: ${state}`,
  partial: (shown: number, all: number) => `${grouped(shown)} of ${grouped(all)}`,
  noneYet: (noun: string) => `No ${plural(noun)} yet`,
  noneYetText: "Records appear here as soon as they are read or made.",
  noMatch: (noun: string, text: string) => `No ${noun} matches "${text}"`,
  noState: (noun: string, state: RecordState) => `No ${noun} in this state: ${stateWord(state)}`,
  sortedUp: ", sorted upwards",
  sortedDown: ", sorted downwards",
  clearFilter: "Clear filter",
  listFailed: "The list could not be read",
  deleted: "deleted",
  selected: (count: number) => `${grouped(count)} selected`,
  clearSelection: "Clear selection",
  selectOne: "Choose a record",
  selectOneText: "Up and Down move, Enter opens.",
  pane: "Record",
  noRecord: "This record is not here any more",
  noRecordText: "It may have been deleted. Its history is kept.",
  backToList: "Back to the list",
  tabs: "Views of this record",
  form: "Form",
  source: "Source",
  showTab: (title: string) => `Show ${title.toLowerCase()}`,
  willBeSent: "What will be sent",
  more: "More actions",
  decide: "Decide",
  saveNow: "Save now",
  undo: "Undo",
  redo: "Redo",
  delete: (noun: string) => `Delete this ${noun}`,
  hold: "Hold",
  holdDetail: (title: string) => `do not send ${title} yet`,
  release: "Release",
  releaseDetail: (title: string) => `send ${title} in its turn`,
  sendNow: "Send now",
  readNow: "Read again now",
  takeBack: "Take back this edit",
  copyAddress: "Copy address",
  copied: "Copied",
  tookBack: (title: string) => `Your edit of ${title} is taken back. It stays in the history.`,
  deletedNotice: (title: string) => `${title} is deleted here and waits in the Outbox.`,
  deletedMany: (count: number) => `${counted(count, "record")} deleted here, waiting in the Outbox.`,
  undoDelete: "Undo",
  syncNow: "Sync now, F5",
  takeItIn: "Take it in now",
  showNews: "See both",
  savedHere: "Saved on this computer",
  notSaved: (why: string) => `Not saved yet: ${why}`,
  tryAgain: "Try again",
  copyText: "Copy my text",
  refusedTitle: "The server refused this edit.",
  refusedSays: (said: string) => `It says: ${quotedAtEnd(said)}`,
  repair: "Repair",
  uncertain: "The answer got lost. It is read again before anything is sent.",
  deletedHere: (noun: string) => `You deleted this ${noun}. It goes from the server when its turn comes.`,
  notFilled: "Not sent before you fill it in.",
  held: "Kept back by you. Nothing is sent until you release it.",
  export: "Copy my text",
  twins: {
    title: (noun: string) => `Is one of these the ${noun} you made?`,
    text: "The answer to your new record got lost, and the server lists records like it. Nothing is sent before you answer.",
    mine: "This one is mine",
    again: "Send it again",
    againText: "None of them is mine.",
  },
  changes: changesWords,
  badSource: "Not complete yet. It is saved as soon as the text is whole.",
  sourceLabel: "Text of this record",
  noText: "This record is a file without text. It is kept as it is.",
};

function stateWord(state: RecordState): string {
  const names = common.states;
  return ({
    synced: names.synced, edited: names.edited, sending: names.sending, uncertain: names.uncertain,
    contested: names.checking, needs_you: names.needsYou, rejected: names.rejected,
  } as Record<RecordState, string>)[state];
}

/** "at 10:40", "yesterday at 18:10", "on 12 June at 09:00": never a time of another day without its day. */
function whenIn(time: number, now: number): string {
  const days = daysBetween(time, now);
  return days <= 0 ? `at ${clock(time)}` : days === 1 ? `yesterday at ${clock(time)}` : `on ${longDay(time, now)} at ${clock(time)}`;
}

/** "Ines Duarte changed Status on the server at 10:40. No overlap." in pieces; the fields are bold. */
function changesWords(news: News, noun: string, now: number): { who: string; fields: string; rest: string } {
  const who = news.who ?? "Somebody";
  const time = news.made_at ?? news.seen_at;
  const at = whenIn(time, now);
  if (news.gone) return { who: `${who} deleted this ${noun}`, fields: "", rest: ` on the server, seen ${dayTime(time, now, "")}.` };
  if (!news.overlap) return { who: `${who} changed `, fields: listed(news.fields), rest: ` on the server ${at}. No overlap.` };
  const both = news.both.length === 1 ? `You changed the same field: ${news.both[0]}.` : news.both.length > 1 ? `You changed the same fields: ${listed(news.both)}.` : "You changed one of these too.";
  return { who: `${who} changed `, fields: listed(news.fields), rest: ` on the server ${at}. ${both}` };
}
