import type { NextRequest } from 'next/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { openLogFile } from '@/lib/azure/log-download';
import { asArmError } from '@/lib/azure/read-route';

/** A log file as it is, passed on while it comes. */
export async function GET(
  request: NextRequest,
  context: { params: Promise<ServerKey & { name: string }> },
): Promise<Response> {
  try {
    return await openLogFile(request, await context.params);
  } catch (failure) {
    const error = asArmError(failure);
    return Response.json(
      { error: error.toDetail() },
      { status: error.status, headers: { 'Cache-Control': 'no-store' } },
    );
  }
}
