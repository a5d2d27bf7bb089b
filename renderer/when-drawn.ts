/** Long enough for a view and a long list to be drawn. */
const FRAMES = 120;

/** The element, as soon as the page has drawn it; null where it does not come. */
export async function whenDrawn(selector: string): Promise<HTMLElement | null> {
  for (let frame = 0; frame < FRAMES; frame++) {
    const element = document.querySelector<HTMLElement>(selector);
    if (element) return element;
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  return null;
}
