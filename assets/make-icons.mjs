import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import png2icons from 'png2icons';

const HERE = import.meta.dirname;
const SOURCE = join(HERE, 'svg', 'icon.svg');
const STATES = ['idle', 'busy', 'ok', 'attention'];
/** A glyph with the margin that panels expect around it: two of sixteen parts. */
const GLYPH_BOX = '206 206 612 612';
/** Black with alpha is what macOS colours by itself; the other systems get one for each kind of panel. */
const PANELS = { light: '#1b1b20', dark: '#ffffff' };
/** Of the edge around a glyph, in parts of the source: a pixel of a panel. */
const EDGE = 28;
/** Points at 100 %: a menu bar's and a panel's. */
const MENU_BAR = 18;
const PANEL = 22;
/** Sizes that Linux desktops look in; they find nothing larger. */
const DESKTOP = [16, 24, 32, 48, 64, 128, 256, 512];

/**
 * Draws every icon of the app from the one SVG.
 *
 * @returns {Map<string, Buffer>} contents by path, relative to this folder
 */
export function drawIcons() {
  const svg = readFileSync(SOURCE, 'utf8');
  const app = draw(svg, 1024);
  const icons = new Map([
    ['build/icon.icns', made(png2icons.createICNS(app, png2icons.BICUBIC2, 0))],
    ['build/icon.ico', made(png2icons.createICO(app, png2icons.BICUBIC2, 0, true, true))],
  ]);
  for (const size of DESKTOP) icons.set(`build/icons/${size}x${size}.png`, draw(svg, size));
  for (const state of STATES) {
    icons.set(`tray/${state}Template.png`, draw(glyph(svg, state, '#000000'), MENU_BAR));
    icons.set(`tray/${state}Template@2x.png`, draw(glyph(svg, state, '#000000'), 2 * MENU_BAR));
    for (const [panel, colour] of Object.entries(PANELS)) {
      const drawn = glyph(svg, state, colour);
      // The images of Linux, where most panels are dark and none says what it is.
      const seen = panel === 'dark' ? edged(drawn) : drawn;
      icons.set(`tray/${state}-${panel}.png`, draw(seen, PANEL));
      icons.set(`tray/${state}-${panel}@2x.png`, draw(seen, 2 * PANEL));
      icons.set(
        `tray/${state}-${panel}.ico`,
        made(png2icons.createICO(draw(drawn, 256), png2icons.BICUBIC2, 0, true, true)),
      );
    }
  }
  return icons;
}

/**
 * One glyph of the source alone, in a colour of its own.
 *
 * @param {string} svg
 * @param {string} state
 * @param {string} colour
 */
function glyph(svg, state, colour) {
  const group = new RegExp(`<g id="${state}"(?: display="none")?(.*?</g>)`, 's').exec(svg)?.[1];
  if (!group) throw new Error(`${SOURCE} has no glyph "${state}"`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${GLYPH_BOX}"><g${group.replaceAll('#ffffff', colour)}</svg>`;
}

/**
 * With a thin dark edge, which makes a white glyph seen on a light ground and vanishes on a dark one.
 *
 * @param {string} glyph
 */
function edged(glyph) {
  const edge =
    '<filter id="edge" x="-20%" y="-20%" width="140%" height="140%">' +
    `<feMorphology in="SourceAlpha" operator="dilate" radius="${EDGE}" result="wide"/>` +
    '<feFlood flood-color="#1b1b20" flood-opacity="0.85"/><feComposite in2="wide" operator="in"/>' +
    '<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge></filter>';
  return glyph.replace(/(<svg [^>]*>)(.*)(<\/svg>)/s, `$1${edge}<g filter="url(#edge)">$2</g>$3`);
}

/**
 * @param {string} svg
 * @param {number} width in pixels
 */
function draw(svg, width) {
  const options = {
    fitTo: { mode: /** @type {const} */ ('width'), value: width },
    font: { loadSystemFonts: false },
  };
  return new Resvg(svg, options).render().asPng();
}

/** @param {Buffer | null} icon */
function made(icon) {
  if (!icon) throw new Error('png2icons could not make an icon');
  return icon;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of drawIcons()) {
    mkdirSync(dirname(join(HERE, path)), { recursive: true });
    writeFileSync(join(HERE, path), content);
  }
}
