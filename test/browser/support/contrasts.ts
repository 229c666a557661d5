/** How well a page can be read: the contrast of its texts. */
import type { Frame, Page } from 'playwright-core';

/** What was measured. */
export interface Contrasts {
  readonly ratios: readonly { readonly what: string; readonly ratio: number }[];
  /** Of the mark around what has the focus, against the page. */
  readonly outline: number;
  /** Luminance of the page, 0 black to 1 white. */
  readonly background: number;
}

/** Elements that hold the texts of the approval page. */
const TEXTS = 'h1,h2,p,label,input,button,dt,dd,pre';

/** Colours of every text on the page against what lies behind it, as the contrast ratio of WCAG 2. */
export function contrastsOf(page: Page | Frame, texts = TEXTS): Promise<Contrasts> {
  return page.evaluate<Contrasts>(script(texts));
}

const script = (texts: string) => `(() => {
  const probe = document.createElement('span');
  document.body.append(probe);
  const resolved = (colour) => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const canvas = resolved('Canvas');
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const backgroundOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const { backgroundColor } = getComputedStyle(each);
      if (!(channels(backgroundColor)[3] === 0)) return backgroundColor;
    }
    return canvas;
  };
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const shown = [...document.querySelectorAll(${JSON.stringify(texts)})].filter(
    (element) => element.checkVisibility() && (element.textContent !== '' || element.localName === 'input'),
  );
  const contrast = (one, other) => {
    const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const ratios = shown.map((element) => ({
    what: element.localName + ' ' + element.textContent.slice(0, 30),
    ratio: contrast(getComputedStyle(element).color, backgroundOf(element)),
  }));
  const background = luminance(canvas);
  probe.remove();
  const outline = contrast(getComputedStyle(document.activeElement).outlineColor, canvas);
  return { ratios, outline, background };
})()`;
