import type { NamedAddressRange } from '../rules/address-ranges.ts';
import type { Credentials } from './sign-in.ts';

/** What the doctor is told of a server. */
export interface Patient {
  /** The server's endpoint as ARM has it. */
  host: string;
  port: number;
  /** ARM's word. */
  state: string;
  administratorLogin: string | undefined;
  /** Undefined when they can't be read. */
  rules: readonly NamedAddressRange[] | undefined;
  /** Of the person's browser. */
  clientAddress: string | null;
  /** PEM of the authority that signs servers' certificates; undefined for the public ones. */
  ca: string | undefined;
  credentials: Credentials | undefined;
}
