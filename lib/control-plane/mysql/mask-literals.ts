/** Longer statements are cut: a sample is to be recognised, not to be run. */
const LONGEST = 4096;
const REST = '…';

const WORD = /[\w$\u0080-\uffff]+/y;
const NUMBER = /(?:0x[\da-f]+|0b[01]+|\d+(?:e\d+)?)$/iy;
const FRACTION = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w$])/iy;
const SPACE = /\s+/y;

/**
 * A statement with `?` for each value in it, so that it can be shown to people who may not see data. Comments go, too.
 * What cannot be told for sure to be no value is masked: text in double quotes (ANSI_QUOTES would make it a name), all that
 * follows an escaped quote (NO_BACKSLASH_ESCAPES would end the text there) and all behind a quote that nothing closes.
 */
export function maskLiterals(statement: string): string {
  const text = statement.slice(0, LONGEST);
  let masked = '';
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const character = text[at]!;
    const comment = commentAt(text, at);
    if (comment !== undefined) {
      masked += ' ';
      at = comment;
    } else if (character === '`') {
      const end = closing(text, at);
      if (end === undefined) return finish(`${masked}${REST}`);
      masked += text.slice(at, end);
      at = end;
    } else if (character === "'" || character === '"') {
      const end = closing(text, at);
      masked += '?';
      if (end === undefined || text.slice(at, end).includes('\\')) return finish(`${masked} ${REST}`);
      at = end;
    } else if (take(SPACE)) {
      masked += ' ';
      at += take(SPACE)!.length;
    } else {
      const fraction = take(FRACTION);
      const word = take(WORD);
      if (fraction !== undefined && !/[\w$]$/.test(masked)) {
        masked += '?';
        at += fraction.length;
      } else if (word === undefined) {
        masked += character;
        at += 1;
      } else {
        at += word.length;
        NUMBER.lastIndex = 0;
        // x'4D', b'01', n'text' and _utf8mb4'text' are one value with what follows.
        const introduces = /['"]/.test(text[at] ?? '') && /^(x|b|n|_\w+)$/i.test(word);
        if (!introduces) masked += NUMBER.test(word) ? '?' : word;
      }
    }
  }
  return finish(statement.length > LONGEST ? `${masked} ${REST}` : masked);
}

/** Where the comment that begins here ends; undefined where none begins. */
function commentAt(text: string, at: number): number | undefined {
  if (text.startsWith('/*', at)) return behind(text, '*/', at + 2);
  if (text[at] === '#' || /^--(?:\s|$)/.test(text.slice(at, at + 3))) return behind(text, '\n', at);
  return undefined;
}

function behind(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from);
  return found < 0 ? text.length : found + end.length;
}

/** The end of what is quoted from here on; quotes within are doubled, or escaped. */
function closing(text: string, from: number): number | undefined {
  const quote = text[from]!;
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote !== '`') at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return undefined;
}

/** Long lists of values say nothing more than short ones. */
function finish(masked: string): string {
  return masked
    .trim()
    .replace(/ +/g, ' ')
    .replace(/\?(?: ?, ?\?)+/g, `?, ${REST}`)
    .replace(/(\([^()]*\))(?: ?, ?\1)+/g, `$1, ${REST}`);
}

/** A plan of EXPLAIN FORMAT=TREE without values; its own numbers (cost, rows) stay. */
export function maskPlan(plan: string): string {
  return plan
    .split('\n')
    .map((line) => {
      const [, indent, words, numbers] = /^(\s*(?:-> )?)(.*?)(\s*\(cost=.*|\s*\(rows=.*)?$/s.exec(line)!;
      return `${indent}${maskLiterals(words!)}${numbers ?? ''}`;
    })
    .join('\n');
}
