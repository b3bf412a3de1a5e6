import {
  AuthorizeConnection,
  CompleteAuthorization,
  DeleteConnection,
  GetConnection,
  GetConnector,
  ListConnections,
  ListConnectors,
  RenameConnection,
  StartConnectionForm,
  SubmitConnection,
  SubmitConnectionStep,
  TestConnection,
} from '@tenon/core';
import type { Commands, ResumeParked } from '@tenon/core';
import type { Wiring } from './wiring.js';

/** The connectors that the app offers. */
export function wireConnectors({ registry }: Wiring): Commands['connectors'] {
  const list = new ListConnectors({ registry });
  const get = new GetConnector({ registry });
  return {
    list: (context) => list.execute(context),
    get: (context, input) => get.execute(context, input),
  };
}

/** Connections; `resumeParked` lets the jobs go on that waited for an authorization. */
export function wireConnections(
  wiring: Wiring,
  resumeParked: ResumeParked,
): Commands['connections'] {
  const { adapters, settings, registry, clients, events } = wiring;
  const { persistence, platform, http } = adapters;
  const config = { publicUrl: settings.publicUrl, allowedReturnUrls: settings.returnUrls };
  const parts = { ...platform, persistence, http, registry, clients, events, resumeParked, config };
  const authorize = new AuthorizeConnection(parts);
  const complete = new CompleteAuthorization(parts);
  const submit = new SubmitConnection(parts);
  const startForm = new StartConnectionForm(parts);
  const submitStep = new SubmitConnectionStep(parts);
  const test = new TestConnection(parts);
  const get = new GetConnection(parts);
  const list = new ListConnections(parts);
  const rename = new RenameConnection(parts);
  const remove = new DeleteConnection(parts);
  return {
    authorize: (context, input) => authorize.execute(context, input),
    complete: (context, input) => complete.execute(context, input),
    submit: (context, input) => submit.execute(context, input),
    startForm: (context, input) => startForm.execute(context, input),
    submitStep: (context, input) => submitStep.execute(context, input),
    test: (context, input) => test.execute(context, input),
    get: (context, input) => get.execute(context, input),
    list: (context, input) => list.execute(context, input),
    rename: (context, input) => rename.execute(context, input),
    delete: (context, input) => remove.execute(context, input),
  };
}
