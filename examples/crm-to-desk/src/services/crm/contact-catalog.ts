import { PLACES, placePosition } from './places.js';

/** A contact of the CRM: one place of the GeoNames data set. */
export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly adminCode: string;
  readonly population: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly featureCode: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}

/** The fields of a contact that a caller may change. */
export type ContactChanges = Partial<Omit<Contact, 'id' | 'updatedAt'>>;

const FIRST_UPDATE_MS = Date.UTC(2024, 0, 1);

/**
 * A catalogue of `size` contacts that costs the same memory for any size: a contact is computed when
 * it is read, and only the changed ones are kept. Beyond the data set its places come again, under
 * new ids.
 */
export class ContactCatalog {
  readonly size: number;
  readonly #changed = new Map<number, Contact>();

  /** @param size how many contacts there are, a whole number of at least 0. */
  constructor(size: number) {
    this.size = size;
  }

  /** How many contacts differ from the data set. */
  get changedCount(): number {
    return this.#changed.size;
  }

  /**
   * The contact at a position from 0 to `size - 1`; positions never change.
   * @throws RangeError outside of it.
   */
  at(index: number): Contact {
    return this.#changed.get(index) ?? this.#original(index);
  }

  /** Up to `limit` contacts from position `start`. */
  slice(start: number, limit: number): Contact[] {
    const end = Math.min(this.size, start + limit);
    const contacts: Contact[] = [];
    for (let index = start; index < end; index += 1) contacts.push(this.at(index));
    return contacts;
  }

  /** The position of an id, or undefined when there is no such contact. */
  indexOf(id: string): number | undefined {
    const match = /^place-(\d+)(?:-([1-9]\d*))?$/.exec(id);
    if (match === null) return undefined;
    const place = placePosition(Number(match[1]));
    if (place === undefined) return undefined;
    const index = Number(match[2] ?? 0) * PLACES.length + place;
    return index < this.size ? index : undefined;
  }

  /** Changes the contact at a position and answers the new one. */
  change(index: number, changes: ContactChanges): Contact {
    const contact = { ...this.at(index), ...changes, updatedAt: new Date().toISOString() };
    this.#changed.set(index, contact);
    return contact;
  }

  #original(index: number): Contact {
    const city = PLACES[index % PLACES.length];
    if (city === undefined || index >= this.size) {
      throw new RangeError(`There is no contact at ${index}; the catalogue holds ${this.size}.`);
    }
    const round = Math.floor(index / PLACES.length);
    const [longitude, latitude] = city.loc.coordinates;
    return {
      id: round === 0 ? `place-${city.cityId}` : `place-${city.cityId}-${round}`,
      name: city.name,
      country: city.country,
      adminCode: city.adminCode,
      population: city.population,
      latitude,
      longitude,
      featureCode: city.featureCode,
      updatedAt: new Date(FIRST_UPDATE_MS + index * 1000).toISOString(),
    };
  }
}
