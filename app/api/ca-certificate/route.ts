import { readFile } from 'node:fs/promises';
import { readPortalConfig } from '@/lib/config';

/** The local authority's certificate: public, so a plain link can download it. */
export async function GET(): Promise<Response> {
  const { caFile, serverCertificateAuthority } = readPortalConfig();
  if (caFile === undefined || serverCertificateAuthority.kind !== 'file') {
    return Response.redirect(serverCertificateAuthority.url);
  }
  return new Response(await readFile(caFile, 'utf8'), {
    headers: {
      'Content-Type': 'application/x-pem-file',
      'Content-Disposition': `attachment; filename="${serverCertificateAuthority.fileName}"`,
      'Cache-Control': 'no-store',
    },
  });
}
