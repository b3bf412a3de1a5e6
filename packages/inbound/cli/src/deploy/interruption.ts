import { StoppedError } from '../cli.errors.js';
import type { Attempt } from './attempt.js';
import { discardChangeSet } from './change-sets.js';
import type { Underway } from './release.js';
import { byHand } from './stacks.js';

/** Takes away what was prepared and will not be done. Answers what could not be taken away. */
export async function tidyUp(attempt: Attempt, underway: Underway): Promise<string> {
  // What was asked to stop must still be able to tidy up.
  const unhurried = { ...attempt, signal: new AbortController().signal };
  const { changeSet } = underway;
  let left = '';
  underway.changeSet = null;
  if (changeSet !== null) {
    await discardChangeSet(unhurried, changeSet).catch(() => {
      left += `. The change set ${changeSet} could not be deleted: it does nothing by itself`;
    });
  }
  await underway.undo(unhurried).catch(() => {
    left += '. The function migrate still has the new code: the next deployment sets it';
  });
  return left;
}

/** Says what an interruption left, after it tidied up. */
export async function interrupted(attempt: Attempt, underway: Underway): Promise<StoppedError> {
  const { stackName } = attempt;
  const { watch, cancel } = byHand(attempt);
  const left = await tidyUp(attempt, underway);
  const said: Readonly<Record<Underway['phase'], string>> = {
    preparing: 'Stopped; nothing was changed',
    bucket: 'Stopped; the stack tenon-deploy with a bucket for releases is still being made',
    deleting: `Stopped; the stack ${stackName} is still being deleted. Watch it: ${watch}`,
    migrating:
      'Stopped; a migration that has begun goes on at AWS. The traffic stays with the code before; deploy again',
    updating:
      `Stopped watching; the stack ${stackName} is still being changed at AWS. Watch it: ${watch}. ` +
      `Cancel it, which goes back: ${cancel}. Nobody looks whether the API is ready`,
    checking: `Stopped; the new release has the traffic, and nobody looked whether the API is ready`,
    'going-back': `Stopped watching; the stack ${stackName} is still going back to the release before. Watch it: ${watch}`,
  };
  return new StoppedError(`${said[underway.phase]}${left}`);
}
