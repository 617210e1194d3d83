/** A list of records, page by page: never more in memory than some pages around what is shown. */
import { asErrorReply, type Backend } from "../backend/backend";
import type { ChangeFeed } from "../backend/changes";
import type { Column, ErrorReply, RecordRow, RecordsQuery, RecordState } from "../backend/generated/ipc";
import { Refresh } from "./refresh";

const PAGE = 100;
/** Pages kept; 20 are 2,000 rows. */
const KEPT = 20;

export interface ListQuery {
  source?: string;
  collection?: string;
  text: string;
  state?: RecordState;
  sort?: string;
  descending: boolean;
}

export class RecordsList {
  query = $state.raw<ListQuery>({ text: "", descending: false });
  total = $state(0);
  columns = $state.raw<Column[]>([]);
  /** Characters of the longest text seen in each column of this list; it only grows, so that columns do not jump. */
  cellLengths = $state.raw<readonly number[]>([]);
  /** The first page of this query has come. */
  ready = $state(false);
  failure = $state.raw<ErrorReply | undefined>();
  /** Rises with every page, so that rows are shown again. */
  version = $state(0);

  #backend: Backend;
  #stop: () => void;
  #pages = new Map<number, RecordRow[]>();
  #wanted = { first: 0, last: PAGE };
  #refresh: Refresh;
  /** Answers to an older query are thrown away. */
  #generation = 0;

  constructor(backend: Backend, feed: ChangeFeed) {
    this.#backend = backend;
    this.#refresh = new Refresh(() => this.#readWanted());
    this.#stop = feed.subscribe((changes) => {
      if (changes.all || changes.records.size > 0 || changes.conflicts.size > 0) {
        this.#forgetOthers();
        void this.#refresh.run();
      }
    });
  }

  /** Shows another list; rows of the one before go at once. */
  show(query: ListQuery): Promise<void> {
    if (this.ready && sameQuery(query, this.query)) return Promise.resolve();
    if (query.source !== this.query.source || query.collection !== this.query.collection) this.cellLengths = [];
    this.query = query;
    this.#generation++;
    this.#pages.clear();
    this.#wanted = { first: 0, last: PAGE };
    this.ready = false;
    this.version++;
    return this.#refresh.run();
  }

  row(index: number): RecordRow | undefined {
    void this.version;
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Where a record is, if its page is here. */
  indexOf(key: string): number {
    void this.version;
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex((row) => row.key === key);
      if (at >= 0) return page * PAGE + at;
    }
    return -1;
  }

  /** Reads the page a record is on; where it is, if this list holds it. */
  async find(key: string): Promise<number> {
    const known = this.indexOf(key);
    if (known >= 0) return known;
    const generation = this.#generation;
    const found = await this.#backend.call("records", { ...this.query, offset: 0, limit: PAGE, around: key }).catch(() => undefined);
    if (generation !== this.#generation || found?.at === undefined || found.offset % PAGE !== 0) return -1;
    this.#pages.set(found.offset / PAGE, found.rows);
    this.#forgetOld();
    this.total = found.total;
    this.version++;
    return found.at;
  }

  /** Rows first..last are shown: reads the pages that are missing. */
  want(first: number, last: number): void {
    this.#wanted = { first, last };
    if (this.ready && this.#missing()) void this.#refresh.run();
  }

  read(): Promise<void> {
    this.#forgetOthers();
    return this.#refresh.run();
  }

  close(): void {
    this.#stop();
    this.#generation++;
  }

  #pagesWanted(): { from: number; to: number } {
    const from = Math.floor(this.#wanted.first / PAGE);
    return { from, to: Math.max(from, Math.floor(Math.max(0, this.#wanted.last - 1) / PAGE)) };
  }

  #missing(): boolean {
    const { from, to } = this.#pagesWanted();
    for (let page = from; page <= to; page++) if (!this.#pages.has(page)) return true;
    return false;
  }

  async #readWanted(): Promise<void> {
    const generation = this.#generation;
    const { from, to } = this.#pagesWanted();
    const query: RecordsQuery = { ...this.query, offset: from * PAGE, limit: Math.min(500, (to - from + 1) * PAGE) };
    try {
      const page = await this.#backend.call("records", query);
      if (generation !== this.#generation) return;
      for (let at = from; at <= to; at++) {
        this.#pages.delete(at);
        this.#pages.set(at, page.rows.slice((at - from) * PAGE, (at - from + 1) * PAGE));
      }
      this.#forgetOld();
      this.total = page.total;
      this.columns = page.columns;
      this.cellLengths = page.columns.map((_, cell) => page.rows.reduce((most, row) => Math.max(most, row.cells[cell]?.length ?? 0), this.cellLengths[cell] ?? 0));
      this.failure = undefined;
    } catch (error) {
      if (generation !== this.#generation) return;
      this.failure = asErrorReply(error);
    }
    this.ready = true;
    this.version++;
  }

  /** Rows elsewhere may have moved; those shown stay until their successors are here. */
  #forgetOthers(): void {
    const { from, to } = this.#pagesWanted();
    for (const page of [...this.#pages.keys()]) if (page < from || page > to) this.#pages.delete(page);
  }

  #forgetOld(): void {
    for (const page of [...this.#pages.keys()]) {
      if (this.#pages.size <= KEPT) return;
      this.#pages.delete(page);
    }
  }
}

function sameQuery(a: ListQuery, b: ListQuery): boolean {
  return a.source === b.source && a.collection === b.collection && a.text === b.text &&
    a.state === b.state && a.sort === b.sort && a.descending === b.descending;
}
