const SCALE = 2;
const PADDING = 16;
const LINE = 20;
/** What a picture must carry with it, since it leaves the page's style sheets behind. */
const KEPT = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-size',
  'font-family',
  'opacity',
  'fill-opacity',
];

interface Legend {
  title: string;
  entries: readonly { label: string; color: string }[];
}

/**
 * A chart with its title and legend as a PNG, twice the size it has on the screen, in the theme it is shown in.
 *
 * @param color a legend entry's: any CSS colour, `var(--…)` too.
 */
export async function chartImage(container: HTMLElement, { title, entries }: Legend): Promise<Blob> {
  const svg = container.querySelector('svg');
  if (!svg) throw new Error('There is no chart to draw.');
  const { width, height } = svg.getBoundingClientRect();
  const styles = getComputedStyle(container);
  const image = await load(standalone(svg, width, height));
  const canvas = document.createElement('canvas');
  const head = PADDING + LINE * (1 + entries.length) + 8;
  canvas.width = (width + 2 * PADDING) * SCALE;
  canvas.height = (head + height + PADDING) * SCALE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw pictures.');
  context.scale(SCALE, SCALE);
  context.fillStyle = styles.getPropertyValue('--surface');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'middle';
  context.fillStyle = styles.getPropertyValue('--text');
  context.font = `600 14px ${styles.fontFamily}`;
  context.fillText(title, PADDING, PADDING + LINE / 2, width);
  context.font = `12px ${styles.fontFamily}`;
  entries.forEach(({ label, color }, index) => {
    const y = PADDING + LINE * (index + 1.5);
    context.fillStyle = resolved(color, styles);
    context.fillRect(PADDING, y - 1, 14, 2);
    context.fillStyle = styles.getPropertyValue('--text-2');
    context.fillText(label, PADDING + 20, y, width - 20);
  });
  context.drawImage(image, PADDING, head, width, height);
  return new Promise((settle, fail) => {
    canvas.toBlob((blob) => (blob ? settle(blob) : fail(new Error('The picture could not be made.'))), 'image/png');
  });
}

function standalone(svg: SVGSVGElement, width: number, height: number): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const computed = getComputedStyle(originals[index]!);
    for (const name of KEPT) element.style.setProperty(name, computed.getPropertyValue(name));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return new XMLSerializer().serializeToString(copy);
}

async function load(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

function resolved(color: string, styles: CSSStyleDeclaration): string {
  const [, name] = /^var\((--[\w-]+)\)$/.exec(color) ?? [];
  return name ? styles.getPropertyValue(name) : color;
}

/** Hands a file to the browser to keep. */
export function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
