import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormatsModule from 'ajv-formats';

/** Azure's official files, beside the repository where they are at all. They are not part of it. */
export const SPEC_FOLDER = resolve(import.meta.dirname, '../../../../shared/spec');
export const SPEC_IS_THERE = existsSync(join(SPEC_FOLDER, 'mysql'));

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  discriminator?: string;
  [keyword: string]: unknown;
}

interface SpecOperation {
  operationId: string;
  parameters?: { name?: string; in?: string; schema?: Schema; $ref?: string }[];
  responses: Record<string, { schema?: Schema }>;
  'x-ms-examples'?: Record<string, { $ref: string }>;
}

interface SpecDocument {
  paths: Record<string, Record<string, SpecOperation>>;
  definitions: Record<string, Schema>;
}

export interface Operation {
  file: string;
  path: string;
  method: string;
  operation: SpecOperation;
}

export interface Example {
  name: string;
  method: string;
  path: string;
  operationId: string;
  apiVersion: string;
  parameters: Record<string, unknown>;
  /** The request's body, whatever the parameter is called. */
  body: unknown;
}

/** The OpenAPI files of one provider, by api-version and operation id, with response schemas ready to use. */
export class OpenApiFiles {
  private readonly documents = new Map<string, SpecDocument>();
  private readonly operations = new Map<string, Map<string, Operation>>();
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly ajv: Ajv;

  /** @param folder below {@link SPEC_FOLDER}, e.g. `mysql/resource-manager/Microsoft.DBforMySQL`. */
  constructor(folder: string) {
    this.ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, logger: false });
    (addFormatsModule as unknown as (ajv: Ajv) => void)(this.ajv);
    const root = join(SPEC_FOLDER, folder);
    for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const version = /(?:stable|preview)\/([^/]+)\/[^/]+\.json$/.exec(entry)?.[1];
      if (version && !entry.includes('examples')) this.index(join(root, entry), version);
    }
  }

  private index(file: string, version: string): void {
    const known = this.operations.get(version) ?? new Map<string, Operation>();
    this.operations.set(version, known);
    for (const [path, methods] of Object.entries(this.load(file).paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (method !== 'parameters') known.set(operation.operationId, { file, path, method, operation });
      }
    }
  }

  private load(file: string): SpecDocument {
    const found = this.documents.get(file);
    if (found) return found;
    const document = JSON.parse(readFileSync(file, 'utf8'), (_, value) => {
      // A list of words that may grow is none to hold an answer against (AutoRest's `modelAsString`).
      if (value?.['x-ms-enum']?.modelAsString) delete value.enum;
      // What a type that has others below it leaves open is for those to say.
      if (typeof value?.discriminator === 'string') delete value.additionalProperties;
      // OpenAPI 2.0 has no null: Azure's files say it with an extension.
      if (value?.['x-nullable'] && typeof value.type === 'string') return { ...value, type: [value.type, 'null'] };
      return value;
    }) as SpecDocument;
    document.definitions ??= {};
    document.paths ??= {};
    this.documents.set(file, document);
    this.ajv.addSchema(document, pathToFileURL(file).href);
    return document;
  }

  operation(version: string, operationId: string): Operation | undefined {
    return this.operations.get(version)?.get(operationId);
  }

  /**
   * What is wrong with an answer by the official file; empty when it is right.
   *
   * @returns `faults` break the schema; `unknown` are members that the schema does not name (allowed, but said).
   */
  check({ file, operation }: Operation, status: number, body: unknown): { faults: string[]; unknown: string[] } {
    const response = operation.responses[String(status)];
    if (!response && status < 400) return { faults: [`status ${status} is not in the file`], unknown: [] };
    const schema = (response ?? operation.responses['default'])?.schema;
    if (!schema) {
      return { faults: [], unknown: [] };
    }
    const key = `${operation.operationId}-${response ? status : 'default'}`;
    const validate = this.validator(file, key, schema);
    if (validate(body)) return { faults: [], unknown: [...new Set(this.unknownMembers(body, schema, file, ''))] };
    return {
      faults: (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`),
      unknown: [],
    };
  }

  private validator(file: string, key: string, schema: Schema): ValidateFunction {
    const id = `${pathToFileURL(file).href}?${key}`;
    let validate = this.validators.get(id);
    if (!validate) {
      this.loadReferences(schema, file, new Set());
      validate = this.ajv.compile(this.absolute(schema, file) as object);
      this.validators.set(id, validate);
    }
    return validate;
  }

  private loadReferences(value: unknown, file: string, seen: Set<unknown>): void {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const reference = (value as Schema).$ref;
    if (typeof reference === 'string') {
      const target = this.follow(reference, file);
      this.loadReferences(target.schema, target.file, seen);
      return;
    }
    for (const inner of Object.values(value)) this.loadReferences(inner, file, seen);
  }

  /** The schema with references that hold from anywhere. */
  private absolute(value: unknown, file: string): unknown {
    if (Array.isArray(value)) return value.map((inner) => this.absolute(inner, file));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) =>
        key === '$ref' ? [key, new URL(inner as string, pathToFileURL(file)).href] : [key, this.absolute(inner, file)],
      ),
    );
  }

  private follow(reference: string, file: string): { schema: Schema; file: string } {
    const [relative, pointer] = reference.split('#') as [string, string];
    const target = relative ? join(dirname(file), relative) : file;
    let schema: unknown = this.load(target);
    for (const part of pointer.split('/').filter(Boolean)) schema = (schema as Record<string, unknown>)[part];
    return { schema: schema as Schema, file: target };
  }

  private unknownMembers(value: unknown, schema: Schema, file: string, path: string): string[] {
    if (Array.isArray(value)) {
      const items = this.members(schema, file).items;
      return items ? value.flatMap((inner) => this.unknownMembers(inner, items.schema, items.file, `${path}[]`)) : [];
    }
    if (typeof value !== 'object' || value === null) return [];
    const { properties, open } = this.members(schema, file);
    return Object.entries(value).flatMap(([name, inner]) => {
      const member = properties.get(name);
      if (member) return this.unknownMembers(inner, member.schema, member.file, `${path}.${name}`);
      return open ? [] : [`${path}.${name}`];
    });
  }

  private members(schema: Schema, file: string) {
    const properties = new Map<string, { schema: Schema; file: string }>();
    let open = false;
    let items: { schema: Schema; file: string } | undefined;
    const collect = (part: Schema, from: string): void => {
      if (part.$ref) {
        const target = this.follow(part.$ref, from);
        collect(target.schema, target.file);
      }
      for (const [name, inner] of Object.entries(part.properties ?? {})) {
        properties.set(name, { schema: inner, file: from });
      }
      if (part.additionalProperties || part.discriminator) open = true;
      if (part.items) items = { schema: part.items, file: from };
      for (const inner of part.allOf ?? []) collect(inner, from);
    };
    collect(schema, file);
    // An object without any member named is one that may have all.
    return { properties, open: open || properties.size === 0, items };
  }

  /** The official examples of an operation. */
  examples(version: string, operationId: string): Example[] {
    const found = this.operation(version, operationId);
    if (!found) return [];
    return Object.values(found.operation['x-ms-examples'] ?? {}).flatMap(({ $ref }) => {
      const file = join(dirname(found.file), $ref);
      if (!existsSync(file)) return [];
      const { parameters } = JSON.parse(readFileSync(file, 'utf8')) as { parameters: Record<string, unknown> };
      const bodyName = (found.operation.parameters ?? [])
        .map((parameter) => (parameter.$ref ? (this.follow(parameter.$ref, found.file).schema as never) : parameter))
        .find((parameter: { in?: string }) => parameter.in === 'body')?.name;
      return [
        {
          name: $ref.replace(/^.*\/|\.json$/g, ''),
          method: found.method.toUpperCase(),
          path: found.path,
          operationId,
          apiVersion: version,
          parameters,
          body: bodyName ? parameters[bodyName] : undefined,
        },
      ];
    });
  }
}
