import { invalidField, missingField } from './fault.ts';
import type { Fields } from './model.ts';

// Fields of a request. ClearML treats null like a missing field.

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function text(body: Fields, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidField(`${key}: string expected`);
  return value;
}

export function requiredText(body: Fields, key: string): string {
  const value = text(body, key);
  if (!value) throw missingField(key);
  return value;
}

/** Query strings and some clients send one value where a list belongs. */
export function texts(body: Fields, key: string): string[] | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const list = Array.isArray(value) ? value : [value];
  for (const item of list) if (typeof item !== 'string') throw invalidField(`${key}: strings expected`);
  return list as string[];
}

export function record(body: Fields, key: string): Fields | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw invalidField(`${key}: object expected`);
  return value;
}

export function records(body: Fields, key: string): Fields[] {
  const value = body[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isRecord)) throw invalidField(`${key}: list of objects expected`);
  return value;
}

export function flag(body: Fields, key: string, fallback = false): boolean {
  const value = body[key];
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 'true') return true;
  if (value === 0 || value === 'false') return false;
  throw invalidField(`${key}: boolean expected`);
}

export function integer(body: Fields, key: string): number | undefined {
  const value = body[key];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw invalidField(`${key}: number expected`);
  return Math.trunc(number);
}
