/** What is known of the computer on which programs are looked for. */
export interface Computer {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The path of a program on the search path; its name is given without `.exe`. */
  readonly find: (program: string) => string | undefined;
  readonly exists: (path: string) => boolean;
}

/** A path in which `%NAME%` stands for a variable, as installers of Windows write it. */
export const placeIn = (place: string, env: NodeJS.ProcessEnv): string =>
  place.replace(/%([^%]+)%/g, (_, name: string) => env[name] ?? '');
