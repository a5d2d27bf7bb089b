/** What is wrong with something that a person gave, in a sentence. */
export const checks = {
  oneLine: 'One line only.',
  atMostCharacters: (most: number) => `At most ${most} characters.`,
  atMost: (most: number) => `At most ${most}.`,
  notText: 'It holds bytes that are not text.',
  notValid: 'Not valid.',

  tag: 'A tag is not empty and does not begin with a dash.',
  task: 'Give the ID of a task (32 hex characters) or the address of its page.',
  queue: 'Choose a queue.',
  sessionName: 'A session needs a name.',
  projectShort: 'A project name has at least 3 characters.',
  projectSlash: 'A project name neither begins nor ends with a slash.',
  docker: 'An image looks like nvidia/cuda:12.4.1-runtime-ubuntu22.04.',
  vscodeVersion: 'A version looks like 4.96.2 or 4.96.2:2024.22.1.',
  vscodeExtensions: 'An extension looks like ms-python.python; commas go between them.',
  folder: 'Name a folder from the root (/) or from home (~/).',
  path: 'A path is not empty.',
  gateway: 'A gateway looks like gpu.example.com or gpu.example.com:10022.',
  ports: 'A port is a number from 1 to 65535; a range is two of them, such as 10022:15000.',
  user: 'A user name has letters, digits, . _ and - only.',
  presetName: 'A preset needs a name.',
  feed: 'Give an address that begins with https://, without a password.',

  /** Options that do not go together. */
  together: {
    restoreTo: 'Name the folder that the saved workspace is restored to.',
    debugWithBase: 'A session that debugs an experiment has no base task.',
    debugWithContinue: 'A session that debugs an experiment continues no other.',
    baseWithContinue: 'A session has a base task or continues another, not both.',
  },

  /** A line of a requirement list, as the person wrote it. */
  requirements: {
    inLine: (line: number, problem: string) => `Line ${line}: ${problem}`,
    long: (most: number) => `A line has at most ${most} characters.`,
    otherFile: (line: string) => `"${line}" names a file that the session does not have; put its lines here.`,
    localPath: (line: string) => `"${line}" is a path of this computer, which the session does not have.`,
    noPackage: (line: string) => `"${line}" is not a package as pip writes it, such as torch==2.5.1.`,
  },
};
