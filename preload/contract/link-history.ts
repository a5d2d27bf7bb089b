/** How a connection was during the last quarter of an hour. */
export interface LinkHistory {
  /** The end of the last part. Epoch ms. */
  readonly until: number;
  readonly partMs: number;
  /** Of equal length, the oldest first. */
  readonly parts: readonly LinkPart[];
  /** How often it was lost within them. */
  readonly losses: number;
}

export interface LinkPart {
  /** The longest round trip that was measured; absent where nothing was, or nothing was there. */
  readonly roundTripMs?: number;
  /** For how long it was down, where it was. */
  readonly downMs?: number;
}
