/**
 * Text of the clipboard without what steers a terminal, which a web page can hide in what it has copied: it could end
 * the marks that tell a program of a paste, which xterm leaves in, or press keys of the shell.
 */
export const harmless = (text: string): string => text.replace(/[^\P{Cc}\t\r\n]/gu, '');

/** Whether a shell would run it line by line: one that is told of a paste waits for Enter. */
export const runsAtOnce = (text: string, isTold: boolean): boolean => !isTold && /[\r\n]/.test(text);
