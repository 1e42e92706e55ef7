/** What a server parameter may be set to, in the words shown beside the field and sent by the API. */
export interface ConfigurationRule {
  name: string;
  /** `Integer`, `Numeric`, `Enumeration`, `Set`, `Boolean` or `String`. */
  dataType: string;
  /** `10-341`, `0,11-1000000` or `ON,OFF`; empty when anything goes. */
  allowedValues: string;
  isReadOnly: boolean;
}

/** Undefined when the parameter may be set to `value`; otherwise why not. */
export function configurationProblem(rule: ConfigurationRule, value: string): string | undefined {
  const { name, dataType, allowedValues } = rule;
  if (rule.isReadOnly) return `${name} is read-only: the service sets it.`;
  if (allowedValues === '') return undefined;
  const choices = allowedValues.split(',').map((choice) => choice.trim());
  switch (dataType) {
    case 'Integer':
    case 'Numeric': {
      const form = dataType === 'Integer' ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/;
      if (form.test(value) && choices.some((choice) => isWithin(value, choice))) return undefined;
      return `${name} must be a ${dataType === 'Integer' ? 'whole number' : 'number'} within ${allowedValues}.`;
    }
    case 'Set': {
      const wrong = value
        .split(',')
        .map((part) => part.trim())
        .find((part) => part !== '' && !includes(choices, part));
      return wrong === undefined ? undefined : `${name} cannot hold “${wrong}”. It takes some of: ${allowedValues}.`;
    }
    case 'Enumeration':
    case 'Boolean':
      return includes(choices, value) ? undefined : `${name} must be one of: ${allowedValues}.`;
    default:
      return undefined;
  }
}

function includes(choices: string[], value: string): boolean {
  return choices.some((choice) => choice.toLowerCase() === value.toLowerCase());
}

/** MySQL's largest numbers are beyond what a double holds exactly, so whole ones are compared as such. */
function isWithin(value: string, choice: string): boolean {
  const [, from, to] = /^(-?[\d.]+)-(-?[\d.]+)$/.exec(choice) ?? [undefined, choice, choice];
  const whole = [value, from!, to!].every((part) => /^-?\d+$/.test(part));
  return whole
    ? BigInt(value) >= BigInt(from!) && BigInt(value) <= BigInt(to!)
    : Number(value) >= Number(from) && Number(value) <= Number(to);
}
