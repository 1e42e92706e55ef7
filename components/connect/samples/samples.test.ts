import { describe, expect, it } from 'vitest';
import { shell, singleQuoted } from './sample.ts';
import { samplesFor } from './samples.ts';

const local = {
  host: '127.83.0.5',
  port: 3306,
  certificateName: 'orders.mysql.localhost',
  user: 'shopadmin',
  database: 'shop',
  caFile: 'flexdeck-ca.pem',
};
const azure = { ...local, host: 'orders.mysql.database.azure.com', caFile: 'ca.pem' };

/** What makes each driver verify the authority and the name. */
const VERIFIES: Record<string, RegExp> = {
  mysql: /--ssl-mode=VERIFY_IDENTITY --ssl-ca=/,
  python: /ssl_verify_cert=True,\s+ssl_verify_identity=True/,
  php: /MYSQL_ATTR_SSL_CA => .+\s+PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true/,
  node: /ca: readFileSync\(.+\), verifyIdentity: true/,
  java: /sslMode=VERIFY_IDENTITY/,
  dotnet: /MySqlSslMode\.VerifyFull,\s+SslCa = /,
  go: /RootCAs: authorities, ServerName: "orders/,
  ruby: /sslca: .+\s+ssl_mode: :verify_identity/,
};

describe('samples', () => {
  it('are there for eight languages, each with endpoint, user and database', () => {
    const samples = samplesFor(azure);
    expect(samples.map(({ id }) => id)).toEqual(['mysql', 'python', 'php', 'node', 'java', 'dotnet', 'go', 'ruby']);
    for (const { program } of samples) {
      expect(program.code).toContain(azure.host);
      expect(program.code).toMatch(/shopadmin/);
      expect(program.code).toMatch(/shop(?!admin)/);
    }
  });

  it('verify the certificate and its name, and never hold a password', () => {
    for (const { id, program } of samplesFor(azure)) {
      expect(program.code, id).toMatch(VERIFIES[id]!);
      expect(program.code, id).toMatch(/MYSQL_PASSWORD|--password/);
    }
  });

  it('let Node compare with a name where the endpoint is an address', () => {
    const code = (connection: typeof local) => samplesFor(connection).find(({ id }) => id === 'node')!.program.code;
    expect(code(local)).toMatch(/host: "orders\.mysql\.localhost",\s+stream: \(\) => connect\(3306, "127\.83\.0\.5"\)/);
    expect(code(azure)).not.toContain('stream');
  });

  it('leave the database out where none is chosen', () => {
    for (const { program, connectionString } of samplesFor({ ...local, database: '' })) {
      expect(`${program.code}${connectionString?.code}`).not.toMatch(/database[:=] ?["']|dbname|DBName|Database=/);
    }
  });

  it('let nobody out of a string', () => {
    expect(shell(`a'b; rm -rf $HOME`)).toBe(`'a'\\''b; rm -rf $HOME'`);
    expect(singleQuoted(`a'b\\#{x}`)).toBe(`'a\\'b\\\\#{x}'`);
    for (const { program } of samplesFor({ ...local, user: `x"');danger()` })) {
      expect(program.code).not.toContain(`x"');danger()`);
    }
  });
});
