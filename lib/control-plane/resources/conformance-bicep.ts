import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { SPEC_FOLDER } from './conformance-openapi.ts';

interface BicepType {
  $type: string;
  name?: string;
  value?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  elements?: { $ref: string }[];
  itemType?: { $ref: string };
  body?: { $ref: string };
  properties?: Record<string, { type: { $ref: string }; flags: number }>;
  additionalProperties?: { $ref: string };
}

const REQUIRED = 1;
const WRITE_ONLY = 4;

/**
 * The published type sets: the only official description of 2024-12-30 and later. They name a resource's members and
 * types, not the answers' status codes.
 */
export class BicepTypes {
  private readonly types: BicepType[];
  private readonly ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  private readonly validators = new Map<string, ValidateFunction>();

  private readonly apiVersion: string;

  constructor(apiVersion: string) {
    this.apiVersion = apiVersion;
    this.types = JSON.parse(readFileSync(join(SPEC_FOLDER, 'mysql/bicep-types', apiVersion, 'types.json'), 'utf8'));
    this.ajv.addSchema({ types: this.types.map((type) => this.schemaOf(type)) }, 'bicep');
  }

  /** What is wrong with a resource of `type` (`Microsoft.DBforMySQL/flexibleServers`), and which members it has that no file names. */
  check(type: string, resource: unknown): { faults: string[]; unknown: string[] } {
    const name = `${type}@${this.apiVersion}`.toLowerCase();
    const found = this.types.find((one) => one.$type === 'ResourceType' && one.name?.toLowerCase() === name);
    if (!found?.body) return { faults: [`${type} has no type in ${this.apiVersion}`], unknown: [] };
    const index = indexOf(found.body.$ref);
    const validate = this.validators.get(type) ?? this.ajv.compile({ $ref: `bicep#/types/${index}` });
    this.validators.set(type, validate);
    const right = validate(resource);
    return {
      faults: right ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`),
      unknown: this.unknownMembers(resource, this.types[index]!, ''),
    };
  }

  private schemaOf(type: BicepType): object {
    switch (type.$type) {
      case 'StringType':
        return {
          type: 'string',
          ...(type.pattern && { pattern: type.pattern }),
          ...(type.minLength !== undefined && { minLength: type.minLength }),
          ...(type.maxLength !== undefined && { maxLength: type.maxLength }),
        };
      case 'StringLiteralType':
        return { const: type.value };
      case 'IntegerType':
        return {
          type: 'integer',
          ...(type.minValue !== undefined && { minimum: type.minValue }),
          ...(type.maxValue !== undefined && { maximum: type.maxValue }),
        };
      case 'BooleanType':
        return { type: 'boolean' };
      case 'UnionType':
        return { anyOf: (type.elements ?? []).map(reference) };
      case 'ArrayType':
        return { type: 'array', items: reference(type.itemType!) };
      case 'ObjectType': {
        const properties = Object.entries(type.properties ?? {});
        return {
          type: 'object',
          properties: Object.fromEntries(properties.map(([name, property]) => [name, reference(property.type)])),
          // `apiVersion` is the template's word; ARM does not answer it.
          required: properties
            .filter(([name, { flags }]) => flags & REQUIRED && !(flags & WRITE_ONLY) && name !== 'apiVersion')
            .map(([name]) => name),
          ...(type.additionalProperties && { additionalProperties: reference(type.additionalProperties) }),
        };
      }
      default:
        return {};
    }
  }

  private unknownMembers(value: unknown, type: BicepType, path: string): string[] {
    if (Array.isArray(value)) {
      const item = type.itemType && this.types[indexOf(type.itemType.$ref)];
      return item ? value.flatMap((inner) => this.unknownMembers(inner, item, `${path}[]`)) : [];
    }
    if (typeof value !== 'object' || value === null || type.$type !== 'ObjectType' || type.additionalProperties)
      return [];
    return Object.entries(value).flatMap(([name, inner]) => {
      const property = type.properties?.[name];
      return property
        ? this.unknownMembers(inner, this.types[indexOf(property.type.$ref)]!, `${path}.${name}`)
        : [`${path}.${name}`];
    });
  }
}

function indexOf(reference: string): number {
  return Number(reference.replace('#/', ''));
}

function reference({ $ref }: { $ref: string }): object {
  return { $ref: `bicep#/types/${indexOf($ref)}` };
}
