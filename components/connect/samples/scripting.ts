import { isIpAddress } from './is-ip-address.ts';
import { lines, quoted, shell, singleQuoted, type Connection, type Sample } from './sample.ts';

const SET_PASSWORD = `read -rs MYSQL_PASSWORD && export MYSQL_PASSWORD`;

export function mysqlClient({ host, port, user, database, caFile }: Connection): Sample {
  const command = [
    `mysql --host=${shell(host)} --port=${port} --user=${shell(user)} --password`,
    `  --ssl-mode=VERIFY_IDENTITY --ssl-ca=${shell(caFile)}`,
    ...(database === '' ? [] : [`  --database=${shell(database)}`]),
  ];
  return {
    id: 'mysql',
    label: 'mysql client',
    program: {
      file: 'connect.sh',
      code: lines(
        '#!/bin/sh',
        '# Asks for the password.',
        [...command, `  --execute='SELECT VERSION(), CURRENT_USER()'`].join(' \\\n'),
      ),
    },
    connectionString: { label: 'Command', code: command.map((part) => part.trim()).join(' ') },
    run: 'sh connect.sh',
  };
}

export function python({ host, port, user, database, caFile }: Connection): Sample {
  return {
    id: 'python',
    label: 'Python',
    prepare: 'pip install mysql-connector-python',
    program: {
      file: 'connect.py',
      code: lines(
        'import os',
        '',
        'import mysql.connector',
        '',
        'connection = mysql.connector.connect(',
        `    host=${quoted(host)},`,
        `    port=${port},`,
        `    user=${quoted(user)},`,
        '    password=os.environ["MYSQL_PASSWORD"],',
        database !== '' && `    database=${quoted(database)},`,
        `    ssl_ca=${quoted(caFile)},`,
        '    ssl_verify_cert=True,',
        '    ssl_verify_identity=True,',
        ')',
        'cursor = connection.cursor()',
        'cursor.execute("SELECT VERSION(), CURRENT_USER()")',
        'print(cursor.fetchone())',
        'connection.close()',
      ),
    },
    run: `${SET_PASSWORD}\npython3 connect.py`,
  };
}

export function node({ host, port, certificateName, user, database, caFile }: Connection): Sample {
  const byAddress = isIpAddress(host);
  return {
    id: 'node',
    label: 'Node.js',
    prepare: 'npm install mysql2',
    program: {
      file: 'connect.mjs',
      code: lines(
        `import { readFileSync } from 'node:fs';`,
        byAddress && `import { connect } from 'node:net';`,
        `import mysql from 'mysql2/promise';`,
        '',
        'const connection = await mysql.createConnection({',
        ...(byAddress
          ? [
              '  // mysql2 compares the certificate with this name; it connects to the address below.',
              `  host: ${quoted(certificateName)},`,
              `  stream: () => connect(${port}, ${quoted(host)}),`,
            ]
          : [`  host: ${quoted(host)},`, `  port: ${port},`]),
        `  user: ${quoted(user)},`,
        '  password: process.env.MYSQL_PASSWORD,',
        database !== '' && `  database: ${quoted(database)},`,
        `  ssl: { ca: readFileSync(${quoted(caFile)}), verifyIdentity: true },`,
        '});',
        `const [rows] = await connection.query('SELECT VERSION(), CURRENT_USER()');`,
        'console.log(rows[0]);',
        'await connection.end();',
      ),
    },
    run: `${SET_PASSWORD}\nnode connect.mjs`,
  };
}

export function php({ host, port, user, database, caFile }: Connection): Sample {
  const name = `mysql:host=${host};port=${port};${database === '' ? '' : `dbname=${database};`}charset=utf8mb4`;
  return {
    id: 'php',
    label: 'PHP',
    connectionString: { label: 'Data source name', code: name },
    program: {
      file: 'connect.php',
      code: lines(
        '<?php',
        '$connection = new PDO(',
        `    ${singleQuoted(name)},`,
        `    ${singleQuoted(user)},`,
        `    getenv('MYSQL_PASSWORD'),`,
        '    [',
        `        PDO::MYSQL_ATTR_SSL_CA => ${singleQuoted(caFile)},`,
        '        PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => true,',
        '    ],',
        ');',
        `print_r($connection->query('SELECT VERSION(), CURRENT_USER()')->fetch(PDO::FETCH_NUM));`,
      ),
    },
    run: `${SET_PASSWORD}\nphp connect.php`,
  };
}

export function ruby({ host, port, user, database, caFile }: Connection): Sample {
  return {
    id: 'ruby',
    label: 'Ruby',
    prepare: `# Build the gem on MySQL’s own client library (on Ubuntu: libmysqlclient-dev).\ngem install mysql2`,
    program: {
      file: 'connect.rb',
      code: lines(
        `require 'mysql2'`,
        '',
        '# On MariaDB’s client library the gem only warns, and verifies no name.',
        `abort 'Build the gem on MySQL’s own client library.' if Mysql2::Client.info[:id] < 50_711`,
        '',
        'client = Mysql2::Client.new(',
        `  host: ${singleQuoted(host)},`,
        `  port: ${port},`,
        `  username: ${singleQuoted(user)},`,
        `  password: ENV.fetch('MYSQL_PASSWORD'),`,
        database !== '' && `  database: ${singleQuoted(database)},`,
        `  sslca: ${singleQuoted(caFile)},`,
        '  ssl_mode: :verify_identity',
        ')',
        `p client.query('SELECT VERSION(), CURRENT_USER()').first`,
        'client.close',
      ),
    },
    run: `${SET_PASSWORD}\nruby connect.rb`,
  };
}
