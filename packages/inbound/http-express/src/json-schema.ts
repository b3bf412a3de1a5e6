import type { JsonObject, StandardSchemaV1 } from '@tenon/core';
import * as z from 'zod';

/**
 * The JSON Schema (2020-12) of what a Standard Schema accepts, or null when its library cannot tell: zod schemas, and those
 * that offer the Standard JSON Schema interface (https://standardschema.dev/json-schema).
 */
export function toJsonSchema(schema: StandardSchemaV1): JsonObject | null {
  const standard = schema['~standard'] as StandardSchemaV1['~standard'] & {
    readonly jsonSchema?: { input(options: { target: string }): unknown };
  };
  try {
    if (standard.jsonSchema)
      return standard.jsonSchema.input({ target: 'draft-2020-12' }) as JsonObject;
    if (standard.vendor === 'zod')
      return z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input' }) as JsonObject;
  } catch {
    // Types without a counterpart in JSON Schema: the form is left to the user interface.
  }
  return null;
}
