declare const brand: unique symbol;

/** A nominal type: `Brand<string, 'TenantId'>` is a string that only a tenant's id may fill. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
