import { dotnet, go, java } from './compiled.ts';
import type { Connection, Sample } from './sample.ts';
import { mysqlClient, node, php, python, ruby } from './scripting.ts';

/** A running sample for each language; every one verifies the server's certificate and its name. */
export function samplesFor(connection: Connection): Sample[] {
  return [mysqlClient, python, php, node, java, dotnet, go, ruby].map((make) => make(connection));
}
