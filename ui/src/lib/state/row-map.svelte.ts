/**
 * Something about rows, by number. Each row is watched by itself: in a map that is watched as a whole, one choice
 * in a record of a thousand rows would ask all of them anew. Rows are made known before anything asks about them.
 */
class Cell<T> {
  value = $state.raw<T | undefined>();
}

export class RowMap<T> {
  #cells = new Map<number, Cell<T>>();

  /** Rows that may be asked about; what is known about them stays. */
  know(rows: Iterable<number>): void {
    for (const row of rows) this.#cell(row);
  }

  get(row: number): T | undefined {
    return this.#cells.get(row)?.value;
  }

  has(row: number): boolean {
    return this.get(row) !== undefined;
  }

  set(row: number, value: T): void {
    this.#cell(row).value = value;
  }

  delete(row: number): void {
    const cell = this.#cells.get(row);
    if (cell) cell.value = undefined;
  }

  /** The rows there is something about. */
  *[Symbol.iterator](): Iterator<[row: number, value: T]> {
    for (const [row, cell] of this.#cells) if (cell.value !== undefined) yield [row, cell.value];
  }

  keys(): number[] {
    return [...this].map(([row]) => row);
  }

  get size(): number {
    return this.keys().length;
  }

  #cell(row: number): Cell<T> {
    const known = this.#cells.get(row);
    if (known) return known;
    const cell = new Cell<T>();
    this.#cells.set(row, cell);
    return cell;
  }
}

/** Rows with a mark. */
export class RowSet extends RowMap<true> {
  add(row: number): void {
    this.set(row, true);
  }
}
