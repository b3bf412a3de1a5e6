import type { Commands, ConnectionFormStep, ConnectionId } from '@tenon/core';
import * as z from 'zod';
import { connectionDto, toConnectionDto } from './connection.dto.js';
import { fieldDto, toFieldDto } from './connector.router.js';
import { route } from './route.js';
import type { Route } from './route.js';
import { idOf, time } from './schemas.js';

const tag = 'Connections';

const formStepDto = z
  .object({
    form: z.string().describe('Names the form in its next steps; a secret of the user'),
    step: z.number().int(),
    totalSteps: z.number().int(),
    fields: z.array(fieldDto),
    expiresAt: time,
  })
  .meta({ id: 'ConnectionFormStep' });

function toFormStepDto(step: ConnectionFormStep): z.input<typeof formStepDto> {
  return {
    ...step,
    fields: Object.entries(step.fields).map(toFieldDto),
    expiresAt: step.expiresAt.toISOString(),
  };
}

/** Connections by forms of several steps. */
export function connectionFormRoutes(connections: Commands['connections']): Route[] {
  return [
    route({
      operationId: 'startConnectionForm',
      method: 'post',
      path: '/api/connections/forms',
      tag,
      summary: 'Start to connect an account by a form of several steps',
      auth: 'user',
      scope: 'connections:write',
      body: z.strictObject({
        connector: z.string(),
        name: z.string().max(200).optional(),
        connectionId: idOf<ConnectionId>('connection').optional(),
      }),
      status: 201,
      result: formStepDto,
      handle: async ({ context, body }) =>
        toFormStepDto(await connections.startForm(context, body)),
    }),
    route({
      operationId: 'submitConnectionStep',
      method: 'post',
      path: '/api/connections/forms/steps',
      tag,
      summary: 'Send one step of a form',
      description:
        'Answers the next step, or after the last one the connection: the credential is tried at the provider before it is kept.',
      auth: 'user',
      scope: 'connections:write',
      body: z.strictObject({
        form: z.string().max(200),
        step: z.number().int(),
        fields: z.record(z.string().max(100), z.string().max(10_000)),
      }),
      result: z.object({ next: formStepDto.nullable(), connection: connectionDto.nullable() }),
      handle: async ({ context, body }) => {
        const sent = await connections.submitStep(context, body);
        return sent.done
          ? { next: null, connection: toConnectionDto(sent.connection) }
          : { next: toFormStepDto(sent.next), connection: null };
      },
    }),
  ];
}
