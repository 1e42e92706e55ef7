import type { Socket } from 'node:net';
import type * as z from 'zod';
import { readLines, writeLine } from './lines.ts';
import { GatewayResponse, type GatewayRequest, type GatewayTableInput } from './protocol.ts';

const ANSWER_MS = 10_000;

/** The gateway refused a request, ended before it answered, or could not be started. The message says which. */
export class GatewayError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GatewayError';
  }
}

/** The connection to the gateway closed: most likely it has ended. Ensure it again. */
export class GatewayGoneError extends GatewayError {
  constructor() {
    super('The gateway has gone.');
    this.name = 'GatewayGoneError';
  }
}

/** A request without its id, with the table as its writer has it. */
export type Question = GatewayRequest extends infer Each
  ? Each extends { method: 'apply' }
    ? { method: 'apply'; table: GatewayTableInput }
    : Omit<Extract<Each, GatewayRequest>, 'id'>
  : never;

interface Waiting {
  settle: (response: GatewayResponse) => void;
  fail: (error: GatewayError) => void;
}

/** The daemon's end of a connection to the gateway: many questions at a time, each with one answer. */
export class Wire {
  /** Settles when the connection is closed, by whichever side. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    // 'close' follows, and says all there is to say.
    socket.on('error', () => {});
    socket.on('close', () => this.#failAll());
    readLines(socket, (line) => this.#read(line));
  }

  /** @throws {GatewayError} */
  async ask<T>(question: Question, shape: z.ZodType<T>): Promise<T> {
    const id = (this.#lastId += 1);
    const response = await new Promise<GatewayResponse>((settle, fail) => {
      if (!this.#socket.writable) {
        fail(new GatewayGoneError());
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.get(id)?.fail(new GatewayError(`The gateway did not answer "${question.method}".`));
      }, ANSWER_MS);
      const over = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        settle: (answer) => {
          over();
          settle(answer);
        },
        fail: (error) => {
          over();
          fail(error);
        },
      });
      writeLine(this.#socket, { id, ...question });
    });
    if (response.error !== undefined) throw new GatewayError(response.error);
    return shape.parse(response.result);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(line: string): void {
    const response = GatewayResponse.parse(JSON.parse(line));
    if (response.id !== null) this.#waiting.get(response.id)?.settle(response);
  }

  #failAll(): void {
    for (const { fail } of this.#waiting.values()) fail(new GatewayGoneError());
  }
}
