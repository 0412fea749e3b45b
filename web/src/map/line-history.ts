/** What a drawn work was before, its line and its excavations, step by step, for taking back and doing again. */

export type Position = [number, number];

/** The line as positions, the excavations as the form writes them. */
export interface Drawn {line: Position[]; holes: string}

/** Whether two lines are the same to the last digit. */
export const isSame = (one: Position[], other: Position[]): boolean => one.length === other.length
  && one.every((place, at) => place[0] === other[at]![0] && place[1] === other[at]![1]);

export class LineHistory {
  #states: Drawn[] = [{line: [], holes: ''}];
  #at = 0;

  /** The work as it is now; its line is empty when there is none. */
  get now(): Drawn { return this.#states[this.#at]!; }

  /** What the page came with: nothing lies before it. */
  begin(first: Drawn): void {
    this.#states = [first];
    this.#at = 0;
  }

  /** Remember a change of the line; what was taken back before it is gone. */
  keep(line: Position[]): void {
    if (!isSame(line, this.now.line)) this.#add({...this.now, line});
  }

  /** Remember a change of the excavations. */
  keepHoles(holes: string): void {
    if (holes !== this.now.holes) this.#add({...this.now, holes});
  }

  /** Remember a line drawn from nothing, point by point. */
  keepDrawn(line: Position[]): void {
    this.keep([]);
    for (let count = 2; count <= line.length; count += 1) this.keep(line.slice(0, count));
  }

  /** The work one step back or forth, undefined at the end of the memory. */
  step(by: -1 | 1): Drawn | undefined {
    const wanted = this.#states[this.#at + by];
    if (wanted) this.#at += by;
    return wanted;
  }

  #add(state: Drawn): void {
    this.#states = [...this.#states.slice(0, this.#at + 1), state];
    this.#at += 1;
  }
}
