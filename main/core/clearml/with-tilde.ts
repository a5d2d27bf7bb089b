/** A text whose paths below the home folder begin with `~`, as people write and read them. */
export function withTilde(text: string, home: string): string {
  const folder = home.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return text.replace(new RegExp(`(^|[\\s"'(])${folder}(?=[\\\\/])`, 'g'), '$1~');
}
