import type { Installation, InstallationPage } from '@tenon/core';
import * as z from 'zod';
import { connectionDto, toConnectionDto } from './connection.dto.js';
import { jsonObject, mapPage, pageOf, time } from './schemas.js';

export const installationStatus = z.enum(['creating', 'enabled', 'disabled', 'error', 'deleting']);

export const installationDto = z
  .object({
    id: z.string(),
    userId: z.string(),
    integration: z.string(),
    integrationVersion: z.string(),
    name: z.string(),
    status: installationStatus,
    config: jsonObject,
    connections: z.record(z.string(), z.string()),
    messages: z.array(
      z.object({
        level: z.enum(['info', 'warning', 'error']),
        code: z.string(),
        text: z.string(),
        at: time,
        count: z.number().int(),
      }),
    ),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Installation' });

export function toInstallationDto(installation: Installation): z.input<typeof installationDto> {
  return {
    id: installation.id,
    userId: installation.userId,
    integration: installation.integration,
    integrationVersion: installation.integrationVersion,
    name: installation.name,
    status: installation.status,
    config: installation.config as z.input<typeof jsonObject>,
    connections: { ...installation.connections },
    messages: installation.messages.map((message) => ({
      ...message,
      at: message.at.toISOString(),
    })),
    createdAt: installation.createdAt.toISOString(),
    updatedAt: installation.updatedAt.toISOString(),
  };
}

export const installationPageDto = pageOf(installationDto).extend({
  /** What `include` asked for. */
  included: z.object({ connections: z.array(connectionDto) }).optional(),
});

export function toInstallationPageDto(page: InstallationPage): z.input<typeof installationPageDto> {
  const { included } = page;
  return {
    ...mapPage(page, toInstallationDto),
    ...(included && { included: { connections: included.connections.map(toConnectionDto) } }),
  };
}
