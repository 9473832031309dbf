import * as z from 'zod';

/** The keys that a schema accepts at `path`, over all branches of its unions. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [head, ...rest] = path;
  const keys = unwrap(schema).flatMap((branch) => {
    if (branch instanceof z.ZodArray) return head === undefined ? [] : keysAt(asType(branch.element), rest);
    if (!(branch instanceof z.ZodObject)) return [];
    const shape: Readonly<Record<string, unknown>> = branch.shape;
    if (head === undefined) return Object.keys(shape);
    const child = shape[String(head)];
    return child === undefined ? [] : keysAt(asType(child), rest);
  });
  return [...new Set(keys)];
}

/** The schemas that stand behind optional, pipe, default and union. */
function unwrap(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(asType(schema.unwrap()));
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => unwrap(asType(option)));
  if (schema instanceof z.ZodPipe) return unwrap(asType(schema.in));
  return [schema];
}

/** zod types inner schemas by their core interface; those of `z.*` builders are always ZodType. */
function asType(schema: unknown): z.ZodType {
  return schema as z.ZodType;
}
