/** A sentence around something that is drawn, such as a name in a mark of its own, in the order of the language. */
export type Sentence<T> = (string | T)[];
