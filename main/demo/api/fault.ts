/** A refusal in ClearML's terms: HTTP status, subcode and message of the reply's envelope. */
export class Fault extends Error {
  readonly code: number;
  readonly subcode: number;
  /** `error_data` of the reply. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: number, subcode: number, message: string, data: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'Fault';
    this.code = code;
    this.subcode = subcode;
    this.data = data;
  }
}

export const unknownEndpoint = (name: string, version: string): Fault =>
  new Fault(404, 0, `Unable to find endpoint for name ${name} and version ${version}`);

export const invalidField = (detail: string): Fault => new Fault(400, 12, `Validation error (${detail})`);

export const missingField = (name: string): Fault =>
  invalidField(`error for field '${name}'. field is required!`);

export const badFieldValue = (detail: string): Fault =>
  new Fault(400, 16, `Invalid value for fields: ${detail}`);

export const invalidTask = (id: string): Fault => new Fault(400, 101, `Invalid task id: id=${id}`, { id });

export const invalidStatus = (detail: string): Fault => new Fault(400, 110, `Invalid task status: ${detail}`);

export const invalidProject = (id: string): Fault =>
  new Fault(400, 401, `Invalid project id: id=${id}`, { id });

export const invalidQueue = (id: string): Fault => new Fault(400, 701, `Invalid queue id: id=${id}`, { id });

export const invalidWorker = (id: string): Fault => new Fault(400, 1001, `Invalid worker id: worker=${id}`);
