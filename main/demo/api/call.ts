import type { Fields, Model, User } from './model.ts';

/** One API call after transport and authentication. */
export interface Call {
  readonly model: Model;
  readonly user: User;
  readonly body: Fields;
  /** The lines of a json-lines request. */
  readonly batch?: readonly Fields[];
  /** Of whoever called, as the server sees it. */
  readonly ip: string;
  /** The `X-ClearML-Worker` header; empty without one. */
  readonly client: string;
}

/** Answers with the `data` of the reply, or throws a Fault. */
export type Endpoint = (call: Call) => Fields;

export type Endpoints = { readonly [name: string]: Endpoint };
