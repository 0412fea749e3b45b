/** What a drawn line was before, step by step, for taking back and doing again. */

export type Position = [number, number];

const same = (one: Position[], other: Position[]): boolean => one.length === other.length
  && one.every((place, at) => place[0] === other[at]![0] && place[1] === other[at]![1]);

export class LineHistory {
  #states: Position[][] = [[]];
  #at = 0;

  /** The line as it is now; empty when there is none. */
  get now(): Position[] { return this.#states[this.#at]!; }

  /** Remember a change; what was taken back before it is gone. */
  keep(line: Position[]): void {
    if (same(line, this.now)) return;
    this.#states = [...this.#states.slice(0, this.#at + 1), line];
    this.#at += 1;
  }

  /** Remember a line drawn from nothing, point by point. */
  keepDrawn(line: Position[]): void {
    this.keep([]);
    for (let count = 2; count <= line.length; count += 1) this.keep(line.slice(0, count));
  }

  /** The line one step back or forth, undefined at the end of the memory. */
  step(by: -1 | 1): Position[] | undefined {
    const wanted = this.#states[this.#at + by];
    if (wanted) this.#at += by;
    return wanted;
  }
}
