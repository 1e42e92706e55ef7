import { ArmError } from '@/lib/arm/error';
import { AlertPreviewRequest } from '@/lib/arm/local/alert-preview';
import type { ServerKey } from '@/lib/arm/resource-id';
import { previewAlert } from '@/lib/azure/alerts';
import { readRoute } from '@/lib/azure/read-route';

/** Reads and changes nothing; a POST, since a rule has no place in an address. */
export const POST = readRoute<ServerKey & Record<string, string>>(async ({ arm, params, request }) => {
  const question = AlertPreviewRequest.safeParse(await request.json().catch(() => undefined));
  if (!question.success) throw new ArmError('InvalidRequestContent', 400, 'Send the rule that is to be previewed.');
  return previewAlert(arm, params, question.data);
});
