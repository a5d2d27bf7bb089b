import type { Terminal } from '../../main/commands/terminal.ts';

/** A terminal whose person is a list of answers; remembers what it was told to print. */
export class TestTerminal implements Terminal {
  readonly canAsk: boolean;
  readonly canType: boolean;
  columns: number | undefined;
  readonly printed: string[] = [];
  readonly complaints: string[] = [];
  readonly asked: string[] = [];
  readonly #answers: string[];
  #type = (_: string): void => {};
  lent = 0;
  closed = false;

  constructor(options: { readonly answers?: readonly string[]; readonly canType?: boolean } = {}) {
    this.canAsk = options.answers !== undefined;
    this.canType = options.canType ?? this.canAsk;
    this.#answers = [...(options.answers ?? [])];
  }

  get text(): string {
    return this.printed.join('\n');
  }

  print(line: string): void {
    this.printed.push(line);
  }

  complain(line: string): void {
    this.complaints.push(line);
  }

  async ask(question: string): Promise<string | undefined> {
    this.asked.push(question);
    return this.#answers.shift();
  }

  hear(line: (text: string) => void): void {
    this.#type = line;
  }

  type(text: string): void {
    this.#type(text);
  }

  async lend<T>(to: () => Promise<T>): Promise<T> {
    this.lent++;
    return to();
  }

  close(): void {
    this.closed = true;
  }
}
