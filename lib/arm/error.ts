import * as z from 'zod';

/**
 * ARM's error envelope, as in common-types/resource-management/v3 `ErrorResponse`:
 * `{ "error": { "code", "message", "target"?, "details"? , "additionalInfo"? } }`.
 */
export interface ErrorDetail {
  code: string;
  message: string;
  /** What is wrong: the path of a property (`properties.storage.storageSizeGB`), a parameter or a resource id. */
  target?: string;
  details?: ErrorDetail[];
  additionalInfo?: { type: string; info: unknown }[];
}

export const ErrorDetail: z.ZodType<ErrorDetail> = z.lazy(() =>
  z.object({
    code: z.string(),
    message: z.string(),
    target: z
      .string()
      .nullish()
      .transform((target) => target ?? undefined),
    details: z
      .array(ErrorDetail)
      .nullish()
      .transform((details) => details ?? undefined),
    additionalInfo: z.array(z.object({ type: z.string(), info: z.unknown() })).optional(),
  }),
) as z.ZodType<ErrorDetail>;

export const ErrorResponse = z.object({ error: ErrorDetail });

/**
 * The one error type of both sides. The control plane throws it and `http/` alone turns it into a response;
 * the portal makes one of every answer that is not a success.
 *
 * `message` is a whole sentence that says what is wrong and what to do.
 */
export class ArmError extends Error {
  readonly code: string;
  readonly status: number;
  readonly target: string | undefined;
  readonly details: ErrorDetail[] | undefined;
  /** `x-ms-request-id` of the answer, where there is one: what a person quotes when asking for help. */
  readonly requestId: string | undefined;

  constructor(
    code: string,
    status: number,
    message: string,
    options: { target?: string; details?: ErrorDetail[]; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ArmError';
    this.code = code;
    this.status = status;
    this.target = options.target;
    this.details = options.details;
    this.requestId = options.requestId;
  }

  /** The error as the wire has it, `error` envelope included. */
  toResponse(): { error: ErrorDetail } {
    return { error: this.toDetail() };
  }

  toDetail(): ErrorDetail {
    const detail: ErrorDetail = { code: this.code, message: this.message };
    if (this.target !== undefined) detail.target = this.target;
    if (this.details !== undefined) detail.details = this.details;
    return detail;
  }

  /** Reads an error answer of ARM; a body that is no envelope (a proxy's page) still gives a readable error. */
  static fromResponse(status: number, body: unknown, requestId?: string): ArmError {
    const parsed = ErrorResponse.safeParse(body);
    if (!parsed.success) {
      return new ArmError(
        'UnexpectedResponse',
        status,
        `The service answered with status ${status} and no error text.`,
        {
          requestId,
        },
      );
    }
    const { code, message, target, details } = parsed.data.error;
    return new ArmError(code, status, message, { target, details, requestId });
  }
}
