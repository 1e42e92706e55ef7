import { ArmError } from '../../arm/error.ts';

/** ARM's limit on the size of a request. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Reads a body as JSON.
 *
 * @returns undefined for an empty one, which many operations allow.
 * @param contentEncoding what it was packed with; nothing is unpacked.
 * @throws {ArmError} 415 UnsupportedMediaType; 400 InvalidRequestContent with line and position, and never a piece of
 *   the text itself: there may be a password in it.
 */
export function parseBody(
  { contentType, contentEncoding }: { contentType: string | undefined; contentEncoding: string | undefined },
  bytes: Buffer | undefined,
): unknown {
  if (!bytes || bytes.length === 0) return undefined;
  if (contentEncoding && contentEncoding.toLowerCase() !== 'identity') {
    throw new ArmError(
      'UnsupportedMediaType',
      415,
      `The content encoding '${contentEncoding}' is not supported. Send the content as it is.`,
    );
  }
  requireJson(contentType);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid('The text is not UTF-8.', cause);
  }
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text, refusePrototype) as unknown;
  } catch (failure) {
    if (failure instanceof ArmError) throw failure;
    if (failure instanceof RangeError) throw invalid('The JSON is nested too deeply.', failure);
    throw invalid(`${whatIsWrong(failure as Error)} ${whereIsIt(failure as Error, text)}`, failure);
  }
}

function requireJson(contentType: string | undefined): void {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  const isJson =
    /^(application|text)\/([\w.-]+\+)?json$/.test(type) &&
    (charset === undefined || charset === 'utf-8' || charset === 'utf8');
  if (isJson) return;
  throw new ArmError(
    'UnsupportedMediaType',
    415,
    `The content media type '${contentType || '<null>'}' is not supported. Only 'application/json' is supported.`,
  );
}

/** A key of this name would change objects that it is merged into. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw invalid("The name '__proto__' is not allowed.");
  return value;
}

function whatIsWrong(failure: Error): string {
  return /end of JSON input|Unterminated/.test(failure.message)
    ? 'The JSON ends too early,'
    : 'Unexpected character encountered while parsing,';
}

function whereIsIt(failure: Error, text: string): string {
  const [, offset] = /at position (\d+)/.exec(failure.message) ?? [];
  const at = offset === undefined ? offsetOfToken(failure, text) : Number(offset);
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, position ${before.at(-1)!.length + 1}.`;
}

/**
 * For a wrong token V8 quotes the text around it instead of counting. Whether a beginning of the text already holds
 * the fault is monotone in its length, so halving finds it.
 */
function offsetOfToken(failure: Error, text: string): number {
  const hasFault = (length: number): boolean => {
    try {
      JSON.parse(text.slice(0, length));
      return false;
    } catch (prefix) {
      return (prefix as Error).message.startsWith('Unexpected token');
    }
  };
  if (!failure.message.startsWith('Unexpected token')) return text.length;
  let sound = 0;
  let faulty = text.length;
  while (faulty - sound > 1) {
    const middle = (sound + faulty) >> 1;
    if (hasFault(middle)) faulty = middle;
    else sound = middle;
  }
  return sound;
}

function invalid(reason: string, cause?: unknown): ArmError {
  return new ArmError(
    'InvalidRequestContent',
    400,
    `The request content was invalid and could not be deserialized: '${reason}'`,
    { cause },
  );
}
