/** Links that came before the app could follow them. */
export class WaitingLinks {
  readonly #waiting: string[];
  #follow: ((link: string) => void) | undefined;

  constructor(first: string | undefined) {
    this.#waiting = first === undefined ? [] : [first];
  }

  open(link: string): void {
    if (this.#follow) this.#follow(link);
    else this.#waiting.push(link);
  }

  follow(follow: (link: string) => void): void {
    this.#follow = follow;
    for (const link of this.#waiting.splice(0)) follow(link);
  }
}
