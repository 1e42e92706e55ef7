import type * as z from 'zod';
import { ArmError, type ErrorDetail } from '../../arm/error.ts';

/**
 * Reads a request's body with the schema that both sides share.
 *
 * @param typeName what ARM calls the body in its refusal of unknown members: `ResourceDefinition` for resources.
 * @throws {ArmError} InvalidRequestContent 400 for a body of the wrong shape, LocationRequired 400 where there is none,
 *   InvalidParameterValue 400 for values outside of what is allowed; one detail for each fault, the target is the path of the first.
 */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown, typeName = 'ResourceDefinition'): z.infer<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ArmError(
      'InvalidRequestContent',
      400,
      body === undefined
        ? 'The request content was invalid and could not be deserialized: the request has no body. Send a JSON object.'
        : 'The request content was invalid and could not be deserialized: the body is not a JSON object.',
    );
  }
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;

  const details = parsed.error.issues.flatMap((issue) => describe(issue, typeName));
  // In the order in which ARM looks: at the JSON, at the resource's frame, at what is within it.
  const code =
    ['InvalidRequestContent', 'LocationRequired'].find((one) => details.some((detail) => detail.code === one)) ??
    'InvalidParameterValue';
  const first = details.find((detail) => detail.code === code)!;
  const message =
    details.length === 1 ? first.message : `${first.message} (${details.length} faults in all, see details.)`;
  throw new ArmError(code, 400, message, { target: first.target, ...(details.length > 1 && { details }) });
}

/** A path as people write it: `properties.storage.iops`, `value[2].name`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
}

function describe(issue: z.core.$ZodIssue, typeName: string): ErrorDetail[] {
  const target = pathOf(issue.path);
  if (target === 'location' && (issue.input === undefined || issue.input === null || issue.input === '')) {
    return [{ code: 'LocationRequired', message: 'The location property is required for this definition.', target }];
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const path = pathOf([...issue.path, key]);
        return {
          code: 'InvalidRequestContent',
          message: `The request content was invalid and could not be deserialized: 'Could not find member '${key}' on object of type '${typeName}'. Path '${path}'.'`,
          target: path,
        };
      });
    case 'invalid_type':
      return [
        issue.input === undefined
          ? { code: 'InvalidParameterValue', message: `The property '${target}' is missing. Send it.`, target }
          : {
              code: 'InvalidRequestContent',
              message: `The request content was invalid and could not be deserialized: '${target}' must be ${article(issue.expected)}.`,
              target,
            },
      ];
    case 'invalid_value':
      return [
        {
          code: 'InvalidParameterValue',
          message: `Invalid value given for parameter '${target}'. Allowed values: ${issue.values.map(String).join(', ')}.`,
          target,
        },
      ];
    default:
      return [
        {
          code: 'InvalidParameterValue',
          message: `Invalid value given for parameter '${target}'. ${sentence(issue.message)}`,
          target,
        },
      ];
  }
}

const WORDS: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'an array',
};

function article(expected: string): string {
  return WORDS[expected] ?? `of type ${expected}`;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
