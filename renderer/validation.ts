import { LaunchForm as LaunchSchema } from '../preload/contract/api.ts';
import type { LaunchForm } from '../preload/contract/state.ts';

export type FormErrors = { readonly [K in keyof LaunchForm]?: string };

/** What is wrong with the wizard's answers, a sentence for each field, by the schema that main checks with. */
export function launchErrors(form: LaunchForm): FormErrors {
  const parsed = LaunchSchema.safeParse(form);
  if (parsed.success) return {};
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0]);
    errors[field] ??= sentence(field, issue);
  }
  return errors;
}

function sentence(field: string, issue: { code: string; message: string; maximum?: unknown }): string {
  if (field === 'queue') return 'Choose a queue.';
  if (issue.code === 'too_big') return `At most ${String(issue.maximum)} characters.`;
  return issue.message;
}
