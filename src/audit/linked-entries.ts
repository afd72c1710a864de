/**
 * How many entries lead without a hole to one that is vouched for. A hash holds what came before it: what somebody invents
 * and puts into a hole has nothing that leads from it. Pure.
 */
export class LinkedEntries {
  number = 0;
  /** In the run that the last belongs to, after the last that was vouched for. */
  #waiting = 0;

  /** @param isNext whether it follows the one that was added before. */
  add(isNext: boolean): void {
    this.#waiting = isNext ? this.#waiting + 1 : 1;
  }

  /** Of the last that was added. */
  vouch(): void {
    this.number += this.#waiting;
    this.#waiting = 0;
  }
}
