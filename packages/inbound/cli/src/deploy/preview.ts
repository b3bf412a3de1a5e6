import type { Io } from '../io.js';
import { titledTable } from '../operate/paging.js';
import { styleOf } from '../text/style.js';
import type { Change } from './change-sets.js';

const ORDER = ['remove', 'modify', 'dynamic', 'import', 'add'];

function rank({ danger, action }: Change): number {
  return (danger === null ? ORDER.length : 0) + ORDER.indexOf(action);
}

/** What a change set does, the dangerous first. */
export function previewText(io: Io, changes: readonly Change[]): string {
  const { red } = styleOf(io.stdout, io.env);
  const sorted = [...changes].sort(
    (a, b) => rank(a) - rank(b) || (a.logicalId < b.logicalId ? -1 : 1),
  );
  const rows = titledTable(io, sorted, [
    ['', ({ danger }) => (danger === null ? '' : '!')],
    ['ACTION', ({ action }) => action],
    ['RESOURCE', ({ logicalId }) => logicalId],
    ['TYPE', ({ type }) => type],
    ['REPLACED', ({ replacement }) => (replacement === 'no' ? '' : replacement)],
  ]);
  const dangers = sorted.flatMap(({ logicalId, danger }) =>
    danger === null ? [] : [`${red('!')} ${logicalId} is ${danger}\n`],
  );
  return `${rows}${dangers.join('')}`;
}
