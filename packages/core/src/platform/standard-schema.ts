/**
 * The Standard Schema interface, version 1 (https://standardschema.dev): types only, so that zod, valibot, arktype
 * and others fit without the core depending on any of them.
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema answers. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One issue that a schema found. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema accepts. */
export type InferInput<S> = S extends StandardSchemaV1<infer Input, unknown> ? Input : never;

/** What a schema gives after validation. */
export type InferOutput<S> =
  S extends StandardSchemaV1<infer _Input, infer Output> ? Output : never;
