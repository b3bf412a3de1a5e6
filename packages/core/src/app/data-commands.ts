import type {
  ArchiveChunk,
  ExportTenantInput,
  ImportProgress,
  ImportTenantInput,
  VerifiedArchive,
} from '../archive/archive-io.js';
import type { AppContext } from '../platform/context.js';
import type { Secret } from '../platform/secret.js';

/** Archives of tenants. */
export interface DataCommands {
  /** Everything of a tenant as newline-delimited JSON, piece by piece; its secrets under the archive's key. */
  export(context: AppContext, input: ExportTenantInput): AsyncIterable<ArchiveChunk>;
  /** Works while its progress is read, and stops where reading stops. */
  import(context: AppContext, input: ImportTenantInput): AsyncIterable<ImportProgress>;
  /** Reads an archive without writing anything. With its key, secrets are decrypted too. */
  verify(
    context: AppContext,
    input: { readonly text: AsyncIterable<string>; readonly key?: Secret<string> | undefined },
  ): Promise<VerifiedArchive>;
}
