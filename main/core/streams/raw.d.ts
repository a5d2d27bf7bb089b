/** A file as text, bundled. */
declare module '*?raw' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: it is what the bundler makes of it
  export default text;
}
